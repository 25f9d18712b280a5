"""A key of the office signs papers after the decision: in their own fields, one after the other, proven before they
count."""

import asyncio
import io
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path
from threading import Event
from typing import Any

import pypdfium2
import pytest
from asn1crypto import tsp
from PIL import Image, ImageChops
from pyhanko.sign.timestamps import DummyTimeStamper
from pypdf import PdfReader
from reportlab import rl_config

from models.complaint.paper import Paper, PaperSigned, PaperVoid, Print
from models.office.people import User
from models.operations.signing_settings import KeySettings
from models.store import resource_limits
from models.store.resource_limits import ChildFailed
from models.workflow.marks import DONE, VOID
from papers.printing import press
from papers.signing import key_worker, remote
from papers.signing.reading import ReturnedPaper
from papers.signing.remote import RequestedSignature, SigningOutcome, sign_waiting
from papers.signing.signing_ways import KEY_UNREADABLE, OfficeKey, SigningWay, Unsigned, UnsignedCopy, office_key
from sop.words import format_date
from tests.office import Office
from tests.papers.printing.test_signature_fields import places
from tests.papers.signers import apart, key_file, pem_of, signed_in_turn, signer_named
from tests.papers.signing.service import reply, served

pytestmark = pytest.mark.only("sqlite")  # files are signed alike whatever lies beneath
PASSWORD = "kunci-uji-kantor"
ALWAYS, ENDED = (-3_650, 3_650), (-3_650, -3_000)  # days from the tests' fixed clock: a child has the computer's
TITLE = "Kepala Dinas Sosial, Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"


@pytest.fixture(scope="module")
def packed() -> bytes:
    return key_file("Dinas Sosial", password=PASSWORD, days=ALWAYS)


@pytest.fixture
def key(packed: bytes, tmp_path: Path) -> OfficeKey:
    path = tmp_path / "kantor.p12"
    path.write_bytes(packed)
    return OfficeKey(KeySettings(path=path, password=PASSWORD))


def requested(paper: Paper, role: str, **more: Any) -> RequestedSignature:
    asked = {"latest": lambda: press.pdf_of(paper.id), "name": "Dra. Penny Indriani, M.M.", "title": TITLE} | more
    return RequestedSignature(printed=Print.get_by_id(paper.id), role=role, **asked)


class Shelf:
    """What was kept, in turn."""

    def __init__(self) -> None:
        self.files: list[tuple[int, bytes, ReturnedPaper]] = []

    def keep(self, request: RequestedSignature, data: bytes, returned: ReturnedPaper) -> None:
        self.files.append((request.printed.paper_id, data, returned))


def run(way: SigningWay, requests: list[RequestedSignature], **more: Any) -> tuple[list[SigningOutcome], Shelf]:
    shelf = Shelf()
    on = datetime.now(UTC).date()
    outcomes = [*sign_waiting(requests, way=way, keep=shelf.keep, **({"issuers": "", "on": on} | more))]
    return outcomes, shelf


def test_a_key_signs_each_paper_in_the_field_of_the_role_and_what_is_kept_is_proven(
    papers: list[Paper], key: OfficeKey
) -> None:
    outcomes, shelf = run(key, [requested(paper, "kepala_dinas") for paper in papers])
    assert [one.sentence for one in outcomes] == [""] * 3
    assert [number for number, _, _ in shelf.files] == [paper.id for paper in papers]
    for number, data, returned in shelf.files:
        assert data.startswith(press.pdf_of(number))
        assert returned.fault == ""
        [signature] = returned.signatures
        assert (signature.field, signature.signer, signature.is_intact) == ("kepala_dinas", "Dinas Sosial", True)


def test_the_next_signer_signs_onto_what_the_one_before_him_signed_whatever_the_order_of_asking(
    papers: list[Paper], key: OfficeKey
) -> None:
    asked = [requested(papers[0], "kepala_dinas"), requested(papers[1], "unit_head"), requested(papers[0], "unit_head")]
    _, shelf = run(key, asked)
    mine = [(data, returned) for number, data, returned in shelf.files if number == papers[0].id]
    assert [[one.field for one in returned.signatures] for _, returned in mine] == [
        ["unit_head"],
        ["unit_head", "kepala_dinas"],
    ]
    assert mine[1][0].startswith(mine[0][0])
    assert all(one.is_intact for one in mine[1][1].signatures)


def test_a_signature_goes_onto_the_version_that_somebody_signed_outside(papers: list[Paper], key: OfficeKey) -> None:
    printed, outside = press.pdf_of(papers[0].id), signer_named("Kepala Bidang")
    signed = apart(lambda: signed_in_turn(printed, {"unit_head": outside}))
    asked = requested(papers[0], "kepala_dinas", latest=lambda: signed)
    _, shelf = run(key, [asked], issuers=pem_of(outside))
    [(_, data, returned)] = shelf.files
    assert data.startswith(signed)
    assert [(one.signer, one.holds) for one in returned.signatures] == [
        ("Kepala Bidang", True),
        ("Dinas Sosial", False),
    ]
    again, _ = run(key, [requested(papers[0], "unit_head", latest=lambda: signed)])
    assert again[0].sentence == remote.SIGNED_ALREADY.format("Kepala unit kerja")


def test_what_is_not_the_paper_void_or_marked_meanwhile_is_not_signed(
    papers: list[Paper], key: OfficeKey, office: Office
) -> None:
    by = User.get()
    PaperVoid.create(paper=papers[0], reason="Ditarik kembali.", by=by, at=papers[0].issued_at)
    day = papers[1].issued_at.date()
    PaperSigned.create(paper=papers[1], role="kepala_dinas", signer="X", signed_on=day, by=by, at=papers[1].issued_at)
    other = press.pdf_of(papers[0].id)
    asked = [requested(paper, "kepala_dinas") for paper in papers[:2]]
    asked.append(requested(papers[2], "kepala_dinas", latest=lambda: other))
    outcomes, shelf = run(key, asked)
    assert [one.sentence for one in outcomes] == [VOID, DONE, remote.OTHER]
    assert shelf.files == []


def drawn(data: bytes, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    document.init_forms()
    return document[page].render(scale=2, may_draw_forms=True).to_pil().convert("L")


def field_of(data: bytes, role: str) -> tuple[int, list[float]]:
    """Page and rectangle of a role's field."""
    for place, sheet in enumerate(PdfReader(io.BytesIO(data)).pages):
        for one in (each.get_object() for each in sheet.get("/Annots", ())):
            if one["/T"] == role:
                return place, [float(edge) for edge in one["/Rect"]]
    raise AssertionError(role)


def text_within(data: bytes, page: int, edges: list[float]) -> str:
    """The words that a reader sees there, with those of the annotations."""
    document = pypdfium2.PdfDocument(data)
    assert pypdfium2.raw.FPDFPage_Flatten(document[page], pypdfium2.raw.FLAT_NORMALDISPLAY) == 1
    return " ".join(document[page].get_textpage().get_text_bounded(*edges).split())


def test_the_visible_signature_says_who_and_when_within_its_field_and_covers_nothing(
    papers: list[Paper], key: OfficeKey
) -> None:
    _, shelf = run(key, [requested(papers[0], "kepala_dinas")])
    [(number, signed, _)] = shelf.files
    page, (left, foot, right, top) = field_of(signed, "kepala_dinas")
    before, after = drawn(press.pdf_of(number), page), drawn(signed, page)
    changed = ImageChops.difference(before, after).point(lambda level: 255 if level else 0)
    first, upper, last, lower = changed.getbbox() or (0, 0, 0, 0)
    assert changed.histogram()[255] > 200
    assert 2 * left - 1 <= first < last <= 2 * right + 1
    assert before.height - 2 * top - 1 <= upper < lower <= before.height - 2 * foot + 1
    assert before.histogram(changed)[:255] == [0] * 255, "it covers what was printed"
    said = text_within(signed, page, [left, foot, right, top - 3])  # below the letters of the line above
    day = format_date(datetime.now(UTC).date())
    assert said == f"Ditandatangani secara elektronik Dra. Penny Indriani, M.M. {TITLE} {day}"


def test_the_letters_of_a_visible_signature_are_embedded(papers: list[Paper], key: OfficeKey) -> None:
    _, shelf = run(key, [requested(papers[0], "kepala_dinas")])
    [(number, signed, _)] = shelf.files
    added = signed[len(press.pdf_of(number)) :]
    assert b"/FontFile2" in added
    assert b"/Helvetica" not in added
    assert b"/Courier" not in added


def test_any_name_and_title_fit_the_field_of_any_size_and_later_papers_keep_their_font() -> None:
    before = rl_config.canvas_basefontname
    for lines in (["A"], ["Nama " * 40, "Jabatan " * 60, "30 November 2026"], ["x" * 300]):
        for wide, high in ((170, 57), (60, 57), (170, 20)):
            page = PdfReader(io.BytesIO(key_worker._text_page(tuple(lines), wide, high))).pages[0]
            assert page.extract_text().strip()
            feet = [foot for _, _, foot in places(page)]
            assert min(feet) >= 0, (lines, wide, high)
            assert max(feet) + key_worker.SMALLEST_TEXT * 0.7 <= high
    assert rl_config.canvas_basefontname == before


def test_what_is_kept_ends_the_run_where_keeping_fails(papers: list[Paper], key: OfficeKey) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "")

    run_of_two = sign_waiting(
        [requested(paper, "kepala_dinas") for paper in papers],
        way=key,
        keep=full,
        issuers="",
        on=datetime.now(UTC).date(),
    )
    with pytest.raises(OSError, match=str(ENOSPC)):
        next(run_of_two)
    assert [*run_of_two] == []


def test_once_the_panel_stops_the_rest_is_not_tried(papers: list[Paper], key: OfficeKey) -> None:
    stop = Event()
    asked = [requested(paper, "kepala_dinas") for paper in papers]
    outcomes = []
    for one in sign_waiting(asked, way=key, keep=Shelf().keep, issuers="", on=datetime.now(UTC).date(), stop=stop):
        outcomes.append(one.sentence)
        stop.set()
    assert outcomes == ["", *[remote.NOT_TRIED.format(remote.ENDED)] * 2]


@pytest.mark.parametrize("fault", ["gone", "wrong password", "no key", "ended"])
def test_a_key_that_does_not_open_is_told_once_and_the_rest_is_not_tried(
    papers: list[Paper], packed: bytes, tmp_path: Path, fault: str
) -> None:
    path = tmp_path / "kantor.p12"
    password = "keliru" if fault == "wrong password" else PASSWORD
    if fault != "gone":
        ended = key_file("Dinas Sosial", password=PASSWORD, days=ENDED) if fault == "ended" else packed
        path.write_bytes(b"bukan kunci" if fault == "no key" else ended)
    way = OfficeKey(KeySettings(path=path, password=password))
    outcomes, shelf = run(way, [requested(paper, "kepala_dinas") for paper in papers])
    reason = {"gone": KEY_UNREADABLE, "ended": key_worker.ENDED}.get(fault, key_worker.LOCKED)
    assert [one.sentence for one in outcomes] == [reason, *[remote.NOT_TRIED.format(reason)] * 2]
    assert shelf.files == []


def test_a_batch_whose_child_ends_is_signed_singly(
    papers: list[Paper], key: OfficeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = [requested(paper, "kepala_dinas") for paper in papers], resource_limits.answer

    def ends_with_several(module: str, request: bytes, **limits: Any) -> bytes:
        if module == key_worker.__name__ and len(json.loads(request.partition(b"\n")[0])["papers"]) > 1:
            raise ChildFailed
        return answer(module, request, **limits)

    monkeypatch.setattr(resource_limits, "answer", ends_with_several)
    outcomes, shelf = run(key, asked)
    assert [one.sentence for one in outcomes] == [""] * 3
    assert len(shelf.files) == 3


def test_a_paper_without_a_field_of_the_role_is_told_alone(papers: list[Paper], key: OfficeKey) -> None:
    assert [*key.sign([copy_of(press.pdf_of(papers[0].id), "receiver"), copy_of(b"%PDF-1.7 rusak", "petugas")])] == [
        Unsigned(key_worker.NO_FIELD),
        Unsigned(key_worker.UNREADABLE),
    ]


def copy_of(data: bytes, role: str) -> UnsignedCopy:
    return UnsignedCopy(data=data, role=role, filled=frozenset(), lines=("Nama",))


def stamping_server(answer: str) -> Any:
    """What a timestamp server answers: a token of its own key, or nothing that is one."""
    signer = signer_named("Stempel Waktu")
    stamper = DummyTimeStamper(signer.signing_cert, signer.signing_key)

    def respond(handler: Any, form: dict[str, bytes]) -> None:
        asked = tsp.TimeStampReq.load(form["body"])
        token = apart(lambda: asyncio.run(stamper.async_request_tsa_response(asked))).dump()
        kind = "application/timestamp-reply"
        reply(handler, token if answer == "well" else b"bukan stempel", kind=kind if answer != "page" else "text/html")

    return respond


def test_a_timestamp_of_the_configured_server_is_in_the_signature(papers: list[Paper], key: OfficeKey) -> None:
    with served(stamping_server("well")) as server:
        way = OfficeKey(replace(key.settings, timestamp_url=f"{server.url}/tsr"))
        _, shelf = run(way, [requested(paper, "kepala_dinas") for paper in papers[:2]])
    assert [returned.signatures[0].is_timestamped for _, _, returned in shelf.files] == [True, True]
    assert {headers["Content-Type"] for headers in server.headers} == {"application/timestamp-query"}


@pytest.mark.parametrize("answer", ["junk", "page", "silent"])
def test_without_the_timestamp_nothing_is_signed_and_the_rest_is_not_tried(
    papers: list[Paper], key: OfficeKey, answer: str
) -> None:
    with served(stamping_server(answer)) as server:
        url = "http://127.0.0.1:9" if answer == "silent" else server.url
        way = OfficeKey(replace(key.settings, timestamp_url=url))
        outcomes, shelf = run(way, [requested(paper, "kepala_dinas") for paper in papers[:2]])
    reason = key_worker.UNSTAMPED
    assert [one.sentence for one in outcomes] == [reason, remote.NOT_TRIED.format(reason)]
    assert shelf.files == []
    assert len(server.asked) == (0 if answer == "silent" else 1)


def test_the_key_and_its_password_reach_the_child_by_its_input_alone(
    papers: list[Paper], key: OfficeKey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    started: list[tuple[Any, dict[str, Any]]] = []
    begun = subprocess.run

    def noted(words: Any, **more: Any) -> Any:
        started.append((words, more))
        return begun(words, **more)

    monkeypatch.setattr(subprocess, "run", noted)
    monkeypatch.setenv("SIGNING_P12_PASSWORD", PASSWORD)
    run(key, [requested(papers[0], "kepala_dinas")])
    [(words, more)] = [each for each in started if key_worker.__name__ in each[0]]
    assert PASSWORD.encode() in more["input"]
    assert PASSWORD not in repr((words, more["env"], key, caplog.text))


def test_without_a_key_or_with_a_wrong_setting_there_is_no_way() -> None:
    assert office_key({}) is None
    assert office_key({"SIGNING_P12": "/k.p12", "SIGNING_TIMESTAMP_URL": "http://stempel.example"}) is None
    assert office_key({"SIGNING_P12": "/k.p12"}) == OfficeKey(KeySettings(path=Path("/k.p12")))
