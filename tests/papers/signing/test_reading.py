"""A PDF from outside is known as a print of the panel, with who signed it, or named for what it is instead."""

import io
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import SimpleSigner
from pypdf import PdfReader, PdfWriter

from models.complaint.paper import Paper, Print
from models.store import resource_limits
from papers.printing import press
from papers.signing.reading import HEAVY, ReturnedPaper, returned_paper, returned_papers
from papers.signing.signature_worker import PADDED
from sop.vocabulary import CLOSED
from tests.office import Office
from tests.papers.signers import (
    apart,
    pem_of,
    signed_in_turn,
    signed_print,
    signed_visibly,
    signers_of_nota,
)

pytestmark = pytest.mark.only("sqlite")  # files are read alike whatever lies beneath


@pytest.fixture
def paper(office: Office) -> Paper:
    office.bring(office.receive(), CLOSED)
    issued: Paper = Paper.get(kind="nota_dinas")
    press.pdf_of(issued.id)
    return issued


@pytest.fixture(scope="module")
def signers() -> dict[str, SimpleSigner]:
    return signers_of_nota()


def issuers_of(signers: dict[str, SimpleSigner]) -> str:
    return "".join(map(pem_of, signers.values()))


def returned(data: bytes, signers: dict[str, SimpleSigner]) -> ReturnedPaper | None:
    return returned_paper(data, issuers=issuers_of(signers))


def test_a_print_is_known_by_its_hash_alone(paper: Paper) -> None:
    known = returned_paper(press.pdf_of(paper.id), issuers="")
    assert known is not None
    assert (known.printed.paper_id, known.is_as_printed) == (paper.id, True)


def test_two_who_signed_are_both_named_with_issuer_and_times(paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    known = returned(signed_print(paper, signers), signers)
    assert known is not None
    assert (known.printed.paper_id, known.fault) == (paper.id, "")
    assert [one.field for one in known.signatures] == list(signers)
    for one in known.signatures:
        assert one.signer == one.issuer == f"Pejabat {one.field}"
        assert (one.is_intact, one.is_trusted, one.holds, one.is_timestamped) == (True, True, True, False)
        assert one.signed_at is not None
        assert abs((datetime.now(UTC) - one.signed_at).total_seconds()) < 600
        assert one.valid_from < one.signed_at < one.valid_until


def test_a_signature_of_an_unknown_issuer_is_intact_and_does_not_hold(
    paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    known = returned_paper(signed_print(paper, signers), issuers="")
    assert known is not None
    assert {(one.is_intact, one.is_trusted, one.holds) for one in known.signatures} == {(True, False, False)}


def test_a_flipped_byte_is_never_taken_for_the_paper_with_its_signatures(
    paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    data, chance = signed_print(paper, {"kepala_dinas": signers["kepala_dinas"]}), random.Random(7)
    size = Print.get_by_id(paper.id).size
    for place in [chance.randrange(size) for _ in range(500)]:
        assert returned_paper(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], issuers="") is None


@pytest.mark.parametrize("part", ["signature", "after"])
def test_a_byte_that_was_changed_after_the_print_is_told(
    paper: Paper, signers: dict[str, SimpleSigner], part: str
) -> None:
    data, size, chance = signed_print(paper, signers), Print.get_by_id(paper.id).size, random.Random(part)
    starts = data.index(b"/Contents <", size) + 40
    span = range(starts, starts + 1_000) if part == "signature" else range(size + 1, starts - 60)
    for place in [chance.choice(span) for _ in range(2)]:
        known = returned(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :], signers)
        assert known is not None
        assert known.fault or not all(one.holds for one in known.signatures)


def test_what_is_added_after_the_last_signature_is_named(paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    data = signed_print(paper, signers)
    ending = data[data.rindex(b"startxref") :]
    for added in (b"x" * 1_000, b"padding\n" + ending):
        known = returned(data + added, signers)
        assert known is not None
        assert known.fault == PADDED


def changed(data: bytes) -> bytes:
    """The file with a word added to its first page by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    page = writer.root["/Pages"]["/Kids"][0]
    words = generic.StreamObject(stream_data=b"BT /F1 12 Tf 100 500 Td (tidak) Tj ET")
    held = page.raw_get("/Contents")
    page["/Contents"] = generic.ArrayObject([held, writer.add_object(words)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("when", ["before signing", "after signing"])
def test_a_word_added_by_an_update_is_told_also_where_it_was_signed_with_it(
    paper: Paper, signers: dict[str, SimpleSigner], when: str
) -> None:
    printed = press.pdf_of(paper.id)
    if when == "before signing":
        data = bytes(apart(lambda: signed_in_turn(changed(printed), signers)))
    else:
        data = changed(signed_print(paper, signers))
    known = returned(data, signers)
    assert known is not None
    assert known.fault == "halaman 1 berbeda dari yang diterbitkan."


def rewritten(data: bytes) -> bytes:
    """The same pages, written anew by another program."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_what_is_no_print_of_the_panel_is_not_taken_for_one(paper: Paper, signers: dict[str, SimpleSigner]) -> None:
    printed = press.pdf_of(paper.id)
    others: dict[str, Any] = {
        "nothing": b"",
        "no PDF": b"%%EOF\n" * 200,
        "cut": printed[:-10],
        "written anew": rewritten(printed),
        "signed over one written anew": apart(lambda: signed_in_turn(rewritten(printed), signers)),
    }
    assert {name for name, data in others.items() if returned_paper(bytes(data), issuers="") is not None} == set()


def test_a_malformed_addition_is_told_and_ends_nothing(paper: Paper) -> None:
    printed = press.pdf_of(paper.id)
    for added in (
        b"\nstartxref\n99999999\n%%EOF\n",
        b"1 0 obj<</Type/Catalog>>endobj\nstartxref\n5\n%%EOF",
        b"\0" * 5_000_000,
    ):
        known = returned_paper(printed + added, issuers="")
        assert known is not None
        assert known.fault


def test_a_signature_drawn_outside_of_its_place_is_told_with_the_page(
    paper: Paper, signers: dict[str, SimpleSigner]
) -> None:
    printed, signer = press.pdf_of(paper.id), signers["kepala_dinas"]
    within = apart(lambda: signed_visibly(printed, signer, field="kepala_dinas"))
    outside = apart(lambda: signed_visibly(printed, signer, field="baru", corners=(60, 500, 400, 600)))
    for data, faulty in ((within, ""), (outside, "halaman 1 berbeda dari yang diterbitkan: ")):
        known = returned(data, signers)
        assert known is not None
        assert known.fault.startswith(faulty)
        assert bool(known.fault) == bool(faulty)
        assert [one.holds for one in known.signatures] == [True]


def too_large_to_draw(printed: bytes) -> bytes:
    """The print with an update of 200 kB that takes a viewer more memory than the child process may have."""
    writer = IncrementalPdfFileWriter(io.BytesIO(printed))
    page = writer.root["/Pages"]["/Kids"][0]
    drawing = generic.StreamObject(stream_data=b"0 0 m " + b"600 900 l 0 900 l 600 0 l 0 1 l " * 6_000_000 + b"f*")
    drawing.compress()
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(drawing)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.slow("ends a child process and starts another for each file")
def test_of_several_files_the_one_that_ends_the_process_is_named_alone(
    paper: Paper, signers: dict[str, SimpleSigner], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed, good = press.pdf_of(paper.id), signed_print(paper, signers)
    starts = []
    ask = resource_limits.answer

    def counted(*asked: Any, **how: Any) -> bytes:
        starts.append(asked)
        return ask(*asked, **how)

    monkeypatch.setattr(resource_limits, "answer", counted)
    files = [good, b"no PDF", printed, too_large_to_draw(printed), changed(printed), good]
    answers = list(returned_papers(files, issuers=issuers_of(signers)))
    faults = [known and known.fault for known in answers]
    assert faults == ["", None, "", HEAVY, "halaman 1 berbeda dari yang diterbitkan.", ""]
    assert [known and len(known.signatures) for known in answers] == [2, None, 0, 0, 0, 2]
    assert len(starts) == 1 + 4  # together, then each that is no print as it was alone


@pytest.mark.slow("judges eleven files")
@pytest.mark.soak
def test_eleven_files_take_two_processes(
    paper: Paper, signers: dict[str, SimpleSigner], monkeypatch: pytest.MonkeyPatch
) -> None:
    good, starts, ask = signed_print(paper, signers), [], resource_limits.answer
    monkeypatch.setattr(resource_limits, "answer", lambda *asked, **how: (starts.append(asked), ask(*asked, **how))[1])
    answers = list(returned_papers(iter([good] * 11), issuers=""))
    assert [known and known.fault for known in answers] == [""] * 11
    assert len(starts) == 2
