"""Prints every paper in every variant into build/pdf, with a contact sheet of pictures for each kind.

`python -m bench.sheets [--into build/pdf] [--kind nota_dinas]`. The cases come from a demo in a temporary folder; the
databases of the office and of the panel's demo are not opened. Needs pdftoppm (poppler-utils).
"""

import argparse
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from bench.variants import Content, blanks, sheets, variants
from models.complaint import Complaint
from models.demo.rows import EXAMPLE
from models.event import open_seals
from models.paper import Paper, content_of
from papers.render import pdf
from tests.models_demo.made import TUESDAY, demo_database

DPI, ACROSS, GAP, LABEL = 45, 8, 8, 14  # of the pictures: dots per inch; pages in a row; pixels between and for names


def contents() -> dict[str, list[tuple[str, Content]]]:
    """The contents to print, by kind of paper: those frozen with the demo's finished case, and those of no case."""
    with tempfile.TemporaryDirectory() as folder, demo_database(Path(folder), at=TUESDAY):
        case = Complaint.get(Complaint.title.startswith(EXAMPLE))
        seal = open_seals([case.id])[case.id]
        issued = Paper.select().where(Paper.complaint == case).order_by(Paper.id)
        found = {paper.kind: list(variants(paper.kind, content_of(paper, seal))) for paper in issued}
        return {**found, "formulir_kosong": list(blanks(TUESDAY)), "lembar_sop": list(sheets())}


def printed(into: Path, kinds: list[str]) -> Iterator[tuple[str, list[Path]]]:
    """Each kind with the PDFs that were made of it."""
    for kind, made in contents().items():
        if not kinds or kind in kinds:
            yield kind, [_kept(into / f"{kind}-{name}.pdf", content) for name, content in made]


def _kept(path: Path, content: Content) -> Path:
    path.write_bytes(pdf(content))
    return path


def pictures(paper: Path) -> list[Image.Image]:
    """The pages of a PDF as pictures under its name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(DPI), "-png", str(paper), f"{folder}/page"], check=True)
        return [_labelled(Image.open(page), paper.stem) for page in sorted(Path(folder).glob("*.png"))]


def _labelled(page: Image.Image, name: str) -> Image.Image:
    sheet = Image.new("RGB", (page.width, page.height + LABEL), "white")
    ImageDraw.Draw(sheet).text((2, 1), name, fill="black")
    sheet.paste(page, (0, LABEL))
    return sheet


def contact(pages: list[Image.Image]) -> Image.Image:
    """All pages side by side on one sheet."""
    wide, high = max(p.width for p in pages) + GAP, max(p.height for p in pages) + GAP
    across = min(ACROSS, len(pages))
    sheet = Image.new("RGB", (wide * across, high * -(-len(pages) // across)), "#777777")
    for place, page in enumerate(pages):
        sheet.paste(page, (place % across * wide, place // across * high))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=Path("build/pdf"))
    parser.add_argument("--kind", action="append", default=[])
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    for kind, papers in printed(asked.into, asked.kind):
        pages = [page for paper in papers for page in pictures(paper)]
        contact(pages).save(asked.into / f"contact-{kind}.png")
        print(f"{kind}: {len(papers)} papers, {len(pages)} pages")


if __name__ == "__main__":
    main()
