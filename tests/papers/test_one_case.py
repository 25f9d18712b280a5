"""One case and all its papers: who is named, what it is about, when, and which numbers, agree on every one of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.paper import Paper, content_of
from papers.layout.phrases import when
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from sop.words import format_date
from tests.models.demo.made import TUESDAY, demo_database
from tests.papers.contents import content
from tests.papers.reading import flow, pages, words

Content = dict[str, Any]
NUMBERS = re.compile(r"PGD/\d+/[IVX]+/\d{4}|\d+\.\d+/\d+(?:/BA)?/[\d.]+/\d{4}")  # of the demo's patterns
FORM, RECEIPT, BERITA_ACARA, NOTA_DINAS = "form_pengaduan", "tanda_terima", "berita_acara", "nota_dinas"
EXCERPT = "kutipan_berita_acara"
OF_THE_OFFICE = {FORM, BERITA_ACARA}  # of a rahasia case they name the pengadu nevertheless
SILENT = {RECEIPT, EXCERPT}  # of a rahasia case it names nobody and no matter
EVERY = 4  # of the demo's cases by day


def body(printed: bytes) -> str:
    return words("".join(map(flow, pages(printed))))


def papers_of(case: Complaint) -> Iterator[Content]:
    """The contents of its papers, of the present round and not void."""
    seal = open_seals([case.id])[case.id]
    for paper in Paper.select().where(Paper.complaint == case).order_by(Paper.id):
        frozen = content_of(paper, seal)
        if frozen["paper"]["round"] == case.round:
            yield frozen


def disagreements(case: Complaint) -> Iterator[str]:
    """What a paper of the case says otherwise than the case, or leaves out."""
    person = Person.get_or_none(complaint=case, kind="pengadu")
    name = person.name if person and not case.anonymous else ""
    for frozen in papers_of(case):
        kind, text = frozen["paper"]["key"], body(pdf(frozen))
        lacking = [fact for fact in said_of(frozen, case, name) if words(fact).casefold() not in text.casefold()]
        yield from (f"{case.number} {kind} lacks “{fact}”" for fact in lacking)
        issued = {entry["text"] for entry in frozen["numbers"].values()}
        told = words(frozen["complaint"]["story"])
        others = {number for number in NUMBERS.findall(text) if number not in issued and number not in told}
        yield from (f"{case.number} {kind} has the number {number}" for number in others)
        if "anonim" in text.casefold().replace(told.casefold(), ""):
            yield f"{case.number} {kind} has a second word for Tanpa nama"
        if kept_back(frozen) and name and words(name) in text:
            yield f"{case.number} {kind} names the pengadu of a rahasia case"


def kept_back(frozen: Content) -> bool:
    return frozen["complaint"]["is_secret"] and frozen["paper"]["key"] not in OF_THE_OFFICE


def said_of(frozen: Content, case: Complaint, name: str) -> Iterator[str]:
    """What this paper must say of the case, as the case's row and the other papers have it."""
    kind, complaint, records = frozen["paper"]["key"], frozen["complaint"], frozen["records"]
    silent = complaint["is_secret"] and kind in SILENT
    yield case.number
    if kind not in (BERITA_ACARA, EXCERPT):
        yield format_date(case.received_at)
    if not silent and kind != NOTA_DINAS:  # whose subject the unit writes
        yield case.title
    if kind != BERITA_ACARA and not silent:
        yield "Tanpa nama" if case.anonymous else "dirahasiakan" if kept_back(frozen) else name
    if kind in (FORM, RECEIPT):
        yield complaint["registrar"]["name"]
    if kind == FORM or (kind == RECEIPT and not silent):
        yield format_date(when(complaint["deadline"]["due"]))
    if kind in (NOTA_DINAS, BERITA_ACARA):
        number = frozen["numbers"]["nota_dinas"]
        yield f"{number['text']}"
        yield format_date(when(number["date"]))
        yield format_date(when(records["approval"]["at"]))
    if kind == NOTA_DINAS:
        yield records["approval"]["by"]["name"]


def cases(every: int = 1) -> list[Complaint]:
    """Cases in whose data nothing was corrected after the first papers."""
    corrected = Event.select(Event.complaint).where(Event.act == "correct")
    rows = list(Complaint.select().where(Complaint.id.not_in(corrected)).order_by(Complaint.id))
    rare = [case for case in rows if case.anonymous or case.secrecy == "rahasia"][:12]
    return list(dict.fromkeys([*rows[::every], *rare]))


@pytest.mark.slow("prints the papers of some thirty cases of the demo")
def test_the_papers_of_a_case_of_the_demo_agree(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY):
        chosen = cases(every=EVERY)
        kinds = {frozen["paper"]["key"] for case in chosen for frozen in papers_of(case)}
        assert kinds == set(vocabulary().papers)
        assert [one for case in chosen for one in disagreements(case)] == []


@pytest.mark.soak
def test_the_papers_of_all_cases_of_the_demo_and_of_300_more_agree(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY, complaints=300, seed=34):
        assert len(cases()) > 300
        assert [one for case in cases() for one in disagreements(case)] == []


def test_a_paper_that_disagrees_is_noticed(tmp_path: Path) -> None:
    with demo_database(tmp_path, at=TUESDAY):
        case = cases()[0]
        assert list(disagreements(case)) == []
        case.title, case.number = "Judul yang lain", "PGD/999/XI/2026"
        lacking = "\n".join(disagreements(case))
        assert "form_pengaduan lacks “Judul yang lain”" in lacking
        assert "tanda_terima lacks “PGD/999/XI/2026”" in lacking


# One word for one thing: no name was given, or it is kept back

NAME = "Slamet Riyadi"
NAMELESS, WITHHELD = "tanpanama", "dirahasiakan"
NAMING = {"form_pengaduan", "tanda_terima", "lembar_disposisi", "berkas_asesmen", "nota_dinas"}


@pytest.mark.parametrize("kind", [kind for kind in vocabulary().papers if kind in NAMING])
@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize("anonymous", [False, True])
def test_one_word_stands_for_a_name_that_was_not_given_and_one_for_a_name_kept_back(
    kind: str, secret: bool, anonymous: bool
) -> None:
    """Of a rahasia case whose pengadu gave no name nothing is kept back: Tanpa nama stands everywhere."""
    named = {"pengadu": {"name": "" if anonymous else NAME}}
    text = body(pdf(content(kind, complaint={"is_secret": secret, "anonymous": anonymous}, persons=named))).casefold()
    silent = secret and kind == RECEIPT
    kept = secret and not anonymous and kind not in OF_THE_OFFICE | SILENT
    assert "anonim" not in text
    assert (NAMELESS in text) == (anonymous and not silent)
    assert (WITHHELD in text) == kept
