"""Prints every paper in every variant into build/pdf, with a contact sheet of page images for each kind.

`python -m bench.sheets [--into build/pdf] [--kind nota_dinas]`. The cases come from a demo in a temporary folder, not
from the office's or the demo's database. Needs pdftoppm (poppler-utils).
"""

import argparse
import io
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw

from admin.papers.bundles import RESERVED, UNISSUED
from bench import promised
from bench.variants import Content, blanks, every_variant, merged, sheets
from models.case import attachments
from models.case.case import load
from models.case.content import Composer
from models.case.issued_lists import content_of_list, issue_approvals, issue_covering, to_sign
from models.case.sheets import LeftOut, key_sheet, left_out_sheet
from models.complaint.codes import new_code
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of, void_note
from models.complaint.scope import viewer
from models.demo.picture import EXAMPLE
from models.office.people import User
from models.operations.archive import key_groups
from models.reading import registerbook
from models.reading.casefile import CaseFile
from models.reading.compliance import SampleRequest, checked_sample
from models.reading.compliance_sheet import compliance_sheet
from models.reading.decided_month import month_sheet
from models.reading.period import Period
from models.reading.recap_paper import content_of_recap, issue
from models.store.uploads import MEGABYTE, Offer, examine
from papers.printing import casefile
from papers.printing.failure import PrintError
from papers.printing.render import pdf
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.models.demo.made import TUESDAY, demo_database

DPI, ACROSS, GAP, LABEL = 45, 8, 8, 14  # of contact sheets: dpi; pages per row; pixels between pages and for names


def printed(kinds: list[str]) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Each kind of paper with its PDFs by name: of the demo's finished case, of no case, of many cases."""
    with tempfile.TemporaryDirectory() as folder, demo_database(Path(folder), at=TUESDAY):
        case = Complaint.get(Complaint.title.startswith(EXAMPLE))
        for kind, contents in {
            **papers_of(case),
            "formulir_kosong": blanks(TUESDAY),
            "lembar_sop": sheets(),
            **_lists(),
            **_promises(case),
        }.items():
            if not kinds or kind in kinds:
                yield kind, [(name, pdf(content)) for name, content in contents]
        if not kinds or "berkas" in kinds:
            yield "berkas", _whole(case)


def papers_of(case: Complaint) -> dict[str, Iterator[tuple[str, Content]]]:
    """The variants of each paper of a case, from its frozen contents."""
    seals, by = open_seals([case.id]), User.get(username="petugas")
    issued = list(Paper.select().where(Paper.complaint == case).order_by(Paper.id))
    contents = {paper.kind: content_of(paper, seals[case.id]) for paper in issued}
    at = issued[-1].issued_at  # of the act that issues the paper of a rahasia case, which this one is not, too
    composer = Composer(load([case.id], by, TUESDAY), seals, at=at, demo=True)
    for kind in vocabulary().papers.values():
        if kind.secret_only:
            composed = composer.compose(composer.cases[case.id], kind)
            contents[kind.key] = {**composed, "code": new_code()}
    return {kind: every_variant(kind, content) for kind, content in contents.items()}


def _lists() -> dict[str, Iterator[tuple[str, Content]]]:
    """Papers about many cases: the register book, lists of papers, samples, the key sheet."""
    first, last = TUESDAY.date().replace(month=1, day=1), TUESDAY.date()
    readers = [User.get(username=name) for name in ("kadis", "petugas2")]
    books = {by.username: _book(by, first, last) for by in readers}
    days = [one.given_at.date() for one in registerbook.registered_numbers(readers[0], first, last)]
    for name, most in (("satu", 1), ("dua", 2), ("sebelas", 11)):
        books[name] = _book(readers[0], *_period_of(most, days))
    papers = list(to_sign(Paper.select().order_by(Paper.id)).items())
    issued = issue_covering(dict(papers[:60]), by=User.get(username="petugas"), at=TUESDAY, demo=True)
    lists = {f"{place}": content_of_list(paper) for place, paper in enumerate(issued, 1)}
    facts = {"mark": "00000000", "by": User.get(username="admin"), "at": TUESDAY, "demo": True}
    places = {"biasa": "/mnt/cadangan/panel", "jauh": f"sftp://{'cadangan.' * 12}go.id/panel"}
    facts["database"] = "postgresql"
    keys = {name: key_sheet(key_groups(bytes(range(32))), place=place, **facts) for name, place in places.items()}
    why, kinds = (
        (PrintError("Pencetakan melewati batas waktu.").unprinted, void_note("salah ketik")),
        vocabulary().papers,
    )
    lacking = [
        LeftOut.of(paper, RESERVED if kinds[paper.kind].identity else why[place % 2])
        for place, (paper, _) in enumerate(papers)
    ]
    lacking.insert(2, LeftOut.case(Complaint.select().order_by(Complaint.id.desc()).get(), UNISSUED))
    sheets = {
        name: left_out_sheet(lacking[:most], 7, by=readers[0], at=TUESDAY, demo=True)
        for name, most in (("pendek", 3), ("panjang", 60))
    }
    samples = {}
    for name, count in {"enam": "6", "satu": "1", "tiga-puluh": "30"}.items():
        asked = SampleRequest.read(first.isoformat(), last.isoformat(), count, "2026")
        sample, _ = checked_sample(viewer(readers[0]), asked, TUESDAY)
        samples[name] = compliance_sheet(sample, by=readers[0], at=TUESDAY, demo=True)
    return {
        "buku_register": _sized(books),
        "uji_kepatuhan": _sized(samples),
        "daftar_pengantar": _sized(lists),
        "daftar_disetujui": _sized(_approved_lists()),
        "lembar_kunci_cadangan": _sized(keys),
        "rekapitulasi": _sized({"tahun": _recap()}),
        "lembar_bulan": _sized({"bulan": month_sheet(viewer(User.get(username="kadis")), TUESDAY, demo=True)}),
        "tidak_disertakan": _sized(sheets),
    }


def _book(by: User, first: date, last: date) -> Content:
    numbers = registerbook.registered_numbers(by, first, last)
    return registerbook.book(numbers, first, last, by=by, at=TUESDAY, demo=True)


def _period_of(count: int, days: list[date]) -> tuple[date, date]:
    """The first and the last of the days, each of a number in their order, which hold just so many numbers."""
    periods = ((days[at], days[at + count - 1]) for at in range(len(days) - count + 1))
    return next(one for one in periods if sum(one[0] <= day <= one[1] for day in days) == count)


def _promises(case: Complaint) -> dict[str, Iterator[tuple[str, Content]]]:
    """The papers about promises: of this case and of a rahasia one, and of all that were disposed."""
    by, every = User.get(username="petugas"), Complaint.select().order_by(Complaint.id)
    rahasia = every.where(Complaint.secrecy == "rahasia").first()
    disposed = list(every.where(Complaint.unit.is_null(False)).limit(30))
    return {
        "slip_janji": _sized(dict(promised.slips(case, rahasia, by=by, at=TUESDAY))),
        "agenda_janji": _sized(dict(promised.agendas(disposed, by=by, at=TUESDAY))),
    }


def _recap() -> Content:
    """The recap of the demo's year."""
    year = Period.months_from(TUESDAY.year, 1, 12)
    return content_of_recap(issue(User.get(username="kadis"), year, TUESDAY, demo=True))


def _approved_lists() -> dict[str, Content]:
    """The list of approvals of the last day with any, as it is and with many rows."""
    step = next(step for step in current_procedure().main_line if step.independent)
    last = Paper.select().where(Paper.kind == step.papers[0].key).order_by(Paper.id.desc()).get()
    day = last.issued_at.date()
    issued = issue_approvals(step, viewer(User.get(username="kadis")), day, at=TUESDAY, demo=True)
    assert issued
    content = content_of_list(issued)
    return {name: {**content, "rows": content["rows"] * most} for name, most in (("biasa", 1), ("panjang", 40))}


def _sized(contents: dict[str, Content]) -> Iterator[tuple[str, Content]]:
    for name, content in contents.items():
        yield name, merged(content, {"office": {"size": "F4"}})
        yield f"{name}-a4", merged(content, {"office": {"size": "A4"}})


def _whole(case: Complaint) -> list[tuple[str, bytes]]:
    """The berkas of a case with an added photo, for both sides of the paper too; and of a rahasia case."""
    photo = io.BytesIO()
    Image.new("RGB", (1200, 800), "#7d9a8c").save(photo, "JPEG")
    by = User.get(username="kadis")
    pieces, wrong = examine([Offer("foto dapur.jpg", photo.getvalue())], most=10 * MEGABYTE)
    assert not wrong, wrong
    attachments.add(case.id, pieces, open_seals([case.id])[case.id], act="supplement", by=by.id, at=TUESDAY)
    rahasia = Complaint.select().where(Complaint.secrecy == "rahasia").order_by(Complaint.version.desc()).get()
    of = {one.id: CaseFile.of(load([one.id], by, TUESDAY)[one.id]) for one in (case, rahasia)}
    return [
        ("contoh", casefile.case_file_pdf(of[case.id])),
        ("bolak-balik", casefile.case_file_pdf(of[case.id], duplex=True)),
        ("rahasia", casefile.case_file_pdf(of[rahasia.id])),
    ]


def pictures(paper: Path) -> list[Image.Image]:
    """The pages of a PDF as images labelled with its name."""
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
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    for kind, papers in printed(options.kind):
        for name, made in papers:
            (options.into / f"{kind}-{name}.pdf").write_bytes(made)
        pages = [page for name, _ in papers for page in pictures(options.into / f"{kind}-{name}.pdf")]
        contact(pages).save(options.into / f"contact-{kind}.png")
        print(f"{kind}: {len(papers)} papers, {len(pages)} pages")


if __name__ == "__main__":
    main()
