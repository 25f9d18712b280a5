"""Benchmark of scanned papers: how many pages of a scanned stack are matched with their papers, and what that takes.

`python -m bench.scans [--pages 100] [--keep folder]`. Papers of every kind are printed and turned into scans: each
page askew by up to 3°, with noise, as a JPEG of quality 40 at 150 dpi, in any order, a third of them upside down; ten
more are foreign. Exit status 1 if fewer than 98 % are matched, or one wrongly.
"""

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import segno
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bench.variants import variants
from models.complaint.paper import code_part
from papers.printing.render import pdf
from papers.signing.scans import pages_by_paper, scanned_pages, scanned_pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content

ADDRESS = "https://pengaduan.dinsos.example/v/"
DPI, QUALITY, ASKEW = 150, 40, 3.0  # degrees at most, either way
NOISE = (20, 40, 60)  # standard deviation in grey values: of an office's scanner, of an old one, hardly legible
FOREIGN = 10
LEAST = 0.98  # of the panel's pages that are matched


@dataclass(frozen=True, kw_only=True)
class PrintedPage:
    """A page as it was printed: its verification code and of which office it is; "" for a page without one."""

    code: str
    is_ours: bool
    picture: Image.Image


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a process of its own has read: codes by place and seconds; in MB, by how much its memory grew at most, the
    memory of a child process at most, and the size of the PDF of all pages."""

    codes: dict[int, str]
    seconds: float
    parent: float
    child: float
    kept: float


def printed_papers(chance: random.Random, *, is_ours: bool) -> Iterator[PrintedPage]:
    """Pages of papers of every kind in every variant, each paper with its own code."""
    for kind in cycle(vocabulary().papers):
        for _, frozen in variants(kind, content(kind)):
            if frozen["paper"]["draft"]:  # a draft bears no code
                continue
            code = code_part(ADDRESS if is_ours else "https://dinas.lain.example/v/", chance.getrandbits(128))
            for page in PdfDocument(pdf({**frozen, "code": code})):
                picture = page.render(scale=DPI / 72).to_pil().convert("RGB")
                yield PrintedPage(code=code["text"], is_ours=is_ours, picture=picture)


def foreign_pages(chance: random.Random) -> Iterator[PrintedPage]:
    """Pages without a code, with another QR code, and with a code of another office."""
    of_others = printed_papers(chance, is_ours=False)
    for number in range(FOREIGN):
        if number % 3 == 2:
            yield next(of_others)
            continue
        picture = Image.new("RGB", (1240, 1754), "white")
        draw = ImageDraw.Draw(picture)
        for line in range(30):
            draw.text((120, 120 + 40 * line), f"{line}. Surat dari kelurahan tentang warga terdampak.", fill="black")
        if number % 3 == 1:
            code = io.BytesIO()
            segno.make(f"https://kelurahan.example/surat/{number}").save(code, kind="png", scale=4)
            picture.paste(Image.open(code), (100, 1560))
        yield PrintedPage(code="", is_ours=False, picture=picture)


def scan_of(page: Image.Image, noise: float, chance: random.Random) -> bytes:
    """The page as a scanner delivers it: half of them in grey."""
    paper = page.convert("L") if chance.random() < 0.5 else page
    white = 255 if paper.mode == "L" else (255, 255, 255)
    angle = chance.uniform(-ASKEW, ASKEW)
    paper = paper.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=white)
    grain = Image.effect_noise(paper.size, noise)
    paper = ImageChops.add(paper, grain if paper.mode == "L" else Image.merge("RGB", [grain] * 3), 1, -128)
    if chance.random() < 1 / 3:
        paper = paper.transpose(Image.Transpose.ROTATE_180)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def write_scan(path: Path, jpegs: Iterator[bytes]) -> None:
    canvas = Canvas(str(path))
    for jpeg in jpegs:
        picture = ImageReader(io.BytesIO(jpeg))
        width, height = (pixels * 72 / DPI for pixels in picture.getSize())
        canvas.setPageSize((width, height))
        canvas.drawImage(picture, 0, 0, width, height)
        canvas.showPage()
    canvas.save()


def read_here(path: Path) -> None:
    """Read the file, keep the pages' pictures on disk as a caller does, and print a `Reading` as JSON."""
    before, children, codes = memory_of("self"), PeakOfChildren(), {}
    started = time.perf_counter()
    with path.open("rb") as file, tempfile.TemporaryDirectory() as folder:
        for page in scanned_pages(file):
            codes[page.place] = page.code
            Path(folder, f"{page.place}.jpg").write_bytes(page.jpeg)
        seconds, parent = time.perf_counter() - started, memory_of("self") - before
        kept = scanned_pdf(Path(folder, f"{place}.jpg").read_bytes() for place in codes)
    measured = {"seconds": seconds, "parent": parent, "child": children.end(), "kept": len(kept) / 1e6}
    print(json.dumps({"codes": codes, **measured}))


def memory_of(process: str) -> float:
    """The peak of its resident memory in MB. `ru_maxrss` is no measure: a child process starts with its parent's."""
    status = Path("/proc", process, "status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


class PeakOfChildren:
    """Watches the memory of the child processes of the main thread, in a thread of its own."""

    def __init__(self) -> None:
        self._peak, self._is_over = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        own = os.getpid()
        while not self._is_over.wait(0.02):
            for child in Path(f"/proc/{own}/task/{own}/children").read_text().split():
                with suppress(OSError):
                    if b"scan_worker" in Path("/proc", child, "cmdline").read_bytes():
                        self._peak = max(self._peak, memory_of(child))

    def end(self) -> float:
        self._is_over.set()
        self._thread.join()
        return self._peak


def read_apart(path: Path) -> Reading:
    """The same in a process of its own, whose memory is not that of the benchmark."""
    command = [sys.executable, "-m", "bench.scans", "--read", str(path)]
    read = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return Reading(**{**read, "codes": {int(place): code for place, code in read["codes"].items()}})


def judged(stack: list[PrintedPage], reading: Reading) -> tuple[int, int, int]:
    """How many pages are matched with their paper, how many with another, and how many are left over."""
    printed = Counter(page.code for page in stack if page.is_ours)
    grouped = pages_by_paper(reading.codes, printed=printed)
    matched = wrong = 0
    for paper in grouped.papers:
        for place in paper.places:
            page = stack[place - 1]
            is_right = page.is_ours and page.code == paper.code
            matched, wrong = matched + is_right, wrong + (not is_right)
    return matched, wrong, len(grouped.unmatched)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=100)
    options.add_argument("--keep", type=Path, help="folder for the scanned files")
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.read:
        read_here(chosen.read)
        return 0
    chance, held = random.Random(35), True
    stack = [*islice(printed_papers(chance, is_ours=True), chosen.pages), *foreign_pages(chance)]
    chance.shuffle(stack)
    ours = sum(page.is_ours for page in stack)
    print(f"{ours} pages of {len({page.code for page in stack if page.is_ours})} papers, {FOREIGN} foreign")
    with tempfile.TemporaryDirectory() as folder:
        for noise in NOISE:
            path = (chosen.keep or Path(folder)) / f"scan-{noise}.pdf"
            write_scan(path, (scan_of(page.picture, noise, chance) for page in stack))
            reading = read_apart(path)
            matched, wrong, left = judged(stack, reading)
            megabytes = path.stat().st_size / 1e6
            holds = matched >= LEAST * ours and not wrong and left == len(stack) - matched
            held &= holds
            print(
                f"noise {noise}, {megabytes:.1f} MB: {matched} matched, {wrong} wrong, {left} left over; "
                f"{reading.seconds:.1f} s, {reading.seconds / len(stack) * 1000:.0f} ms a page; "
                f"parent +{reading.parent:.0f} MB, child {reading.child:.0f} MB; kept {reading.kept:.1f} MB: "
                f"{'holds' if holds else 'MISSED'}"
            )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
