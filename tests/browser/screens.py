"""Pictures of the panel: `python -m tests.browser.screens` writes every screen of the demo at both widths.

Each page that a role reaches by links, one of a shape, sign-in and refusals included, under build/screens/<role>/.
`--panduan` writes the few that the guide shows, small, under docs/.
"""

import argparse
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bench.sheets import printed
from papers.layout.sopsheet import sop_sheet
from papers.printing.render import pdf
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.crawl import PEOPLE, is_file, walk
from tests.browser.served import ROOT, Served, served
from tests.browser.window import NARROW, WIDE, Desk

SPEAKING = "--lang=id-ID"  # the browser's own words, in dates for example, where it was installed with them
WIDTHS = (WIDE, NARROW)
TALL = {**WIDE, "height": 1560}  # where the described part begins low
REFUSED = ("/tidak-ada", "/pengguna/", "/pengaduan/?search=zzzz", "/pengaduan/langkah/receive/?id=1")
HEAVIEST = 80_000  # bytes of a picture in the guide
COLOURS = (160, 96, 64, 32, 16)  # tried until it is that light
GUIDE = (
    # picture, who looks, at which address, how wide
    ("picture", "kadis", "/", WIDE),
    ("panduan/masuk", "", "/masuk", WIDE),
    ("panduan/petugas", "petugas", "/", WIDE),
    ("panduan/catat", "petugas", "/pengaduan/new/", NARROW),
    ("panduan/kepala-dinas", "kadis", "/", NARROW),
    ("panduan/bidang", "bidang.rehsos", "/", WIDE),
    ("panduan/pengawas", "pengawas", "/", WIDE),
    ("panduan/riwayat", "pengawas", "/riwayat/", WIDE),
    ("panduan/pengelola", "admin", "/", WIDE),
    ("panduan/pengaturan", "admin", "/pengaturan/", WIDE),
    ("panduan/rekapitulasi", "kadis", "/rekapitulasi/", TALL),
    ("panduan/ringkasan", "kadis", "/pimpinan/", WIDE),
    ("panduan/uji-kepatuhan", "pengawas", "/uji-kepatuhan/?benih=2026", TALL),
    ("panduan/janji", "petugas", "/janji/", WIDE),
    ("panduan/kabar", "admin", "/pengaturan/new/?key=wording.surel.answered", WIDE),
    ("panduan/impor", "petugas", "/pengaduan/impor/2/", TALL),  # the file that waits
)


# Over a whole page a bar that sticks would lie in the middle of it, and a column that scrolls would end half-way.
FLAT = """.side, .bulk, .bar, .desk-bar, .views, .split > *, .intake > *, .form-buttons, .list thead th
{ position: static !important }
.split > *, .views { max-height: none !important }"""


@contextmanager
def seats(browser: Browser, panel: Served, username: str) -> Iterator[Desk]:
    """A window with this person signed in; without sign-in for an empty name."""
    context = browser.new_context(
        viewport=WIDE, locale="id-ID", timezone_id="Asia/Jakarta", color_scheme="light", bypass_csp=True
    )  # the policy is for the tests; here FLAT has to get in
    desk = Desk.opened(panel, context)
    yield desk.sign_in(username) if username else desk
    context.close()


def named(address: str) -> str:
    """The page's address as the name of a file."""
    parts = urlsplit(address)
    return re.sub(r"[^a-z0-9]+", "-", f"{parts.path} {parts.query}".lower()).strip("-")[:80] or "beranda"


def shoot(desk: Desk, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for size in WIDTHS:
        desk.page.set_viewport_size(size)
        desk.page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True, style=FLAT)
    desk.page.set_viewport_size(WIDE)


def every_screen(browser: Browser, panel: Served, folder: Path, people: tuple[str, ...]) -> int:
    """All screens of these people; how many pictures there are."""
    with seats(browser, panel, "") as desk:
        desk.open("/masuk")
        shoot(desk, folder, "masuk")
    for username in people:
        with seats(browser, panel, username) as desk:
            _all_of(desk, folder / username)
    return len(list(folder.rglob("*.png")))


def _all_of(desk: Desk, folder: Path) -> None:
    def visit(address: str) -> list[str]:
        desk.open(address)
        links: list[str] = desk.page.evaluate("() => [...document.querySelectorAll('a[href]')].map((a) => a.href)")
        shoot(desk, folder, named(address))
        return links

    for _ in walk(f"{desk.panel.address}/", visit, alike=1):
        pass
    for address in (one for one in REFUSED if not is_file(one)):
        desk.open(address)
        shoot(desk, folder, named(address))


def guide(browser: Browser, panel: Served, folder: Path) -> int:
    """The guide's pictures, each light enough for a page."""
    for name, username, address, size in GUIDE:
        with seats(browser, panel, username) as desk:
            desk.page.set_viewport_size(size)
            desk.open(address)
            path = folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(light(desk.page.screenshot()))
    (folder / "panduan/lembar-sop.png").write_bytes(light(drawn(pdf(sop_sheet(size="F4", demo=True)), page=1)))
    kinds = [made for made in printed([]) if made[0] != "lembar_sop"]
    for kind, papers in kinds:
        (folder / f"panduan/dokumen-{kind}.png").write_bytes(light(drawn(papers[0][1], scale=0.8)))
    return len(GUIDE) + 1 + len(kinds)


def drawn(paper: bytes, page: int = 0, scale: float = 1.1) -> bytes:
    """A page of a PDF as a picture."""
    made = io.BytesIO()
    pypdfium2.PdfDocument(paper)[page].render(scale=scale).to_pil().save(made, "PNG")
    return made.getvalue()


def light(png: bytes) -> bytes:
    """The picture in as many colours as its weight allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        made = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
        if made.tell() <= HEAVIEST:
            break
    return made.getvalue()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--panduan", action="store_true", help="the guide's pictures instead")
    asked.add_argument("--people", default=",".join(PEOPLE), help="whose screens, by user name")
    asked.add_argument("--to", type=Path, help="the folder")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as var, served(Path(var)) as panel, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=[*FLAGS, SPEAKING])
        folder = given.to or ROOT / ("docs" if given.panduan else "build/screens")
        people = tuple(given.people.split(","))
        made = guide(browser, panel, folder) if given.panduan else every_screen(browser, panel, folder, people)
        print(f"{made} pictures in {folder}")
        browser.close()


if __name__ == "__main__":
    main()
