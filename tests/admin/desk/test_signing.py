"""The desk has papers signed electronically after the decision: by whom they wait for, with nothing of his NIK or
passphrase kept."""

import gc
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from admin.desk.offer import BY_HAND
from admin.desk.signing import BUSY, GONE, NO_WAY, NOTHING
from admin.sign_in.locked import NIK as NIK_FIELD
from models.complaint.accesslog import ReadCase, Seen
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperVoid, Print
from models.complaint.returned import PaperCopy, returned_copies_of
from models.office.people import Acting, today
from models.office.settings import ISSUERS, store_setting
from models.operations import signing_settings
from models.sign_in.session import Session
from models.store.base import database, now
from models.workflow import marks
from papers.printing import press
from papers.signing import remote, runs
from papers.signing.reading import returned_paper
from papers.signing.runs import CLOSED, NOT_STORED, NOT_YOURS, REPLACED, UNSTORED, YOURS_ALREADY, finish_runs, last_run
from papers.signing.signing_ways import FORM_OF_PHRASE, NIK_FORM, PHRASE_REFUSED, SigningService
from sop.vocabulary import CLOSED as FINISHED
from tests.admin.doors import Visitor
from tests.admin.forms import form_on
from tests.admin.sign_in.test_proof import KEY, grow_stale
from tests.office import PASSWORD, SECRET, Office
from tests.papers.signers import key_file, pem_of, signer_named
from tests.papers.signing.service import PlayedService, refuse, served
from tests.papers.signing.test_remote import ALWAYS
from tests.papers.signing.test_service import Answer, in_turn, signs

PAGE = "/meja/tanda-tangan/"
NIK, PASSPHRASE = "3573014101800077", "frasa sandi Kadis yang rahasia #7"
OFFER = re.compile(r'href="([^"]+)">Tanda tangani secara elektronik \((\d+) dokumen\)')


@pytest.fixture(scope="module")
def official() -> Any:
    return signer_named("Wicaksono Pradipta")


@pytest.fixture
def papers(office: Office, official: Any) -> list[Paper]:
    """Papers that wait for the signature of the Kepala Dinas, whose certificate is trusted."""
    store_setting(ISSUERS, pem_of(official), office.at.date())
    office.bring(office.receive(3), FINISHED)
    return [*Paper.select().where(Paper.kind == "nota_dinas").order_by(Paper.id)]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, official: Any) -> Iterator[PlayedService]:
    """A signing service that the environment names; a test may have it answer otherwise."""
    with served(signs(official)) as played:
        monkeypatch.setenv(signing_settings.URL, played.url)
        yield played
        finish_runs()


def begin(visitor: Visitor, papers: list[Paper], **typed: str) -> Any:
    ids = [str(paper.id) for paper in papers]
    fields = {"cara": "layanan", NIK_FIELD: NIK, "passphrase": PASSPHRASE}
    return visitor.post(PAGE, id=ids, **(fields | typed))


def ended(visitor: Visitor, answer: Any) -> str:
    """The page of the run once it is over."""
    assert answer.status_code == 303, unescape(answer.text)
    finish_runs()
    return unescape(visitor.page(answer.location))


def is_marked(paper: Paper) -> bool:
    return bool(marks.signatures_on([paper])[paper.id]["kepala_dinas"])


def address_of(*papers: Paper) -> str:
    return f"{PAGE}?{'&'.join(f'id={paper.id}' for paper in papers)}"


def test_all_papers_are_signed_marked_and_kept_beside_their_prints(
    office: Office, at: Any, papers: list[Paper], service: PlayedService
) -> None:
    kadis = at("kadis")
    asked = kadis.page(address_of(*papers))
    assert 'type="password" name="passphrase"' in asked
    assert asked.count('autocomplete="off"') >= 2
    assert "Tidak disimpan." in asked
    page = ended(kadis, begin(kadis, papers))
    assert "3 dokumen ditandatangani" in page
    assert "Coba lagi" not in page
    assert all(map(is_marked, papers))
    assert {copy.paper_id for copy in PaperCopy.select()} == {paper.id for paper in papers}
    for paper in papers:
        returned = returned_paper(runs.latest_file(paper), issuers="")
        assert returned is not None
        assert [one.field for one in returned.signatures] == ["kepala_dinas"]
        assert press.pdf_of(paper.id) != runs.latest_file(paper)
    assert {form["passphrase"].decode() for form in service.asked} == {PASSPHRASE}
    assert Seen.select().where(Seen.what == "dokumen nota_dinas").count() == 3


def test_a_signature_in_a_field_of_the_services_own_is_marked_for_whom_it_was_asked(
    at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    service.answer = signs(official, "Signature_of_the_service")
    kadis = at("kadis")
    assert "3 dokumen ditandatangani" in ended(kadis, begin(kadis, papers))
    assert [list(map(bool, marks.signatures_on([paper])[paper.id].values())) for paper in papers] == [[False, True]] * 3


def test_a_wrong_passphrase_is_tried_once_and_the_rest_can_be_asked_for_again(
    at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    service.answer = in_turn(lambda handler, form: refuse(handler, 2031), signs(official))
    kadis = at("kadis")
    page = ended(kadis, begin(kadis, papers))
    assert "0 dari 3 dokumen ditandatangani" in page
    assert PHRASE_REFUSED in page
    assert page.count(remote.NOT_TRIED.format(PHRASE_REFUSED)) == 2
    assert len(service.asked) == 1
    assert not PaperCopy.select().exists()
    again = re.search(r'href="([^"]+)">Coba lagi yang tersisa', page)
    assert again is not None
    form = kadis.page(unescape(again[1]))
    assert PASSPHRASE not in form
    assert NIK not in form
    assert "3 dokumen ditandatangani" in ended(kadis, begin(kadis, papers))


def cut(handler: Any, form: dict[str, bytes]) -> None:
    """The reply ends in the middle."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.send_header("Content-Length", str(len(form["file"])))
    handler.end_headers()
    handler.wfile.write(form["file"][:500])
    handler.close_connection = True


def test_cut_in_the_middle_the_page_says_which_and_those_before_are_kept(
    at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    service.answer = in_turn(signs(official), cut, signs(official))
    kadis = at("kadis")
    page = ended(kadis, begin(kadis, papers))
    assert "2 dari 3 dokumen ditandatangani" in page
    assert [is_marked(paper) for paper in papers] == [True, False, True]
    assert f"{papers[1]}" in page
    assert f"{papers[0]}" not in page
    assert f"id={papers[1].id}" in page
    assert f"id={papers[0].id}" not in page


def test_what_cannot_be_stored_is_said_and_nothing_of_it_is_half(
    at: Any, papers: list[Paper], service: PlayedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, calls = runs.keep_signed, []

    def fails_at_the_second(*words: Any, **more: Any) -> Any:
        calls.append(words)
        outcome = stored(*words, **more)
        if len(calls) == 2:
            raise OSError(28, PASSPHRASE)
        return outcome

    monkeypatch.setattr(runs, "keep_signed", fails_at_the_second)
    kadis = at("kadis")
    page = ended(kadis, begin(kadis, papers))
    assert "1 dari 3 dokumen ditandatangani" in page
    assert UNSTORED in page
    assert remote.NOT_TRIED.format(runs.ENDED) in page
    assert [is_marked(paper) for paper in papers] == [True, False, False]
    assert PaperCopy.select().count() == 1


def test_what_is_voided_while_it_is_signed_is_not_kept(
    office: Office, at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    by = office["petugas"]

    def void_first(handler: Any, form: dict[str, bytes]) -> None:
        with database.connection_context():
            PaperVoid.create(paper=papers[0], reason="Ditarik kembali.", by=by, at=now())
        signs(official)(handler, form)

    service.answer = void_first
    kadis = at("kadis")
    assert NOT_STORED[marks.VOID] in ended(kadis, begin(kadis, papers[:1]))
    assert not PaperCopy.select().exists()


def replace(paper: Paper) -> None:
    """A later paper of the same kind, as a decision that is made once more issues it."""
    columns = {name: getattr(paper, name) for name in Paper._meta.fields if name not in ("id", "public_id")}
    Paper.insert(**{**columns, "public_id": f"later{paper.id}"}).execute()


def test_what_is_replaced_during_a_run_is_neither_asked_for_nor_kept(
    at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    def replace_two(handler: Any, form: dict[str, bytes]) -> None:
        with database.connection_context():
            for paper in papers[:2]:
                replace(paper)
        signs(official)(handler, form)

    service.answer = in_turn(replace_two, signs(official))
    kadis = at("kadis")
    page = ended(kadis, begin(kadis, papers))
    assert "1 dari 3 dokumen ditandatangani" in page
    assert NOT_STORED[REPLACED] in page
    assert [is_marked(paper) for paper in papers] == [False, False, True]


def test_as_the_panel_stops_the_paper_in_hand_is_kept_and_no_other_asked_for(
    at: Any, papers: list[Paper], service: PlayedService, official: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_stopping", Event())
    service.answer, asked, goes_on = held_up(official)
    kadis = at("kadis")
    answer = begin(kadis, papers)
    assert asked.wait(20)
    runs.stop_runs(lambda: 0.0)
    goes_on.set()
    page = ended(kadis, answer)
    assert "1 dari 3 dokumen ditandatangani" in page
    assert page.count(remote.NOT_TRIED.format(remote.ENDED)) == 2
    assert len(service.asked) == 1
    assert is_marked(papers[0])


def test_a_nik_may_be_typed_in_groups(at: Any, papers: list[Paper], service: PlayedService) -> None:
    kadis = at("kadis")
    typed = {NIK_FIELD: "357301-410180 0077\u00a0"}
    assert "1 dokumen ditandatangani" in ended(kadis, begin(kadis, papers[:1], **typed))
    assert service.asked[0]["nik"] == NIK.encode()


def held_up(official: Any) -> tuple[Answer, Event, Event]:
    """An answer that waits; set once it was asked; to set so that it goes on."""
    asked, goes_on = Event(), Event()

    def answer(handler: Any, form: dict[str, bytes]) -> None:
        asked.set()
        goes_on.wait(20)
        signs(official)(handler, form)

    return answer, asked, goes_on


def test_of_two_tabs_the_second_is_led_to_the_run_of_the_first(
    at: Any, papers: list[Paper], service: PlayedService, official: Any
) -> None:
    service.answer, asked, goes_on = held_up(official)
    kadis = at("kadis")
    first = begin(kadis, papers[:2])
    assert asked.wait(20)
    second = begin(kadis, papers[2:])
    assert second.location == first.location
    working = unescape(kadis.page(second.location))
    goes_on.set()
    assert BUSY in working
    assert "data-work=" in working
    assert "0 dari 2 dokumen" in working
    assert "2 dokumen ditandatangani" in ended(kadis, first)
    assert [is_marked(paper) for paper in papers] == [True, True, False]


def test_what_was_signed_is_not_signed_once_more(at: Any, papers: list[Paper], service: PlayedService) -> None:
    kadis = at("kadis")
    ended(kadis, begin(kadis, papers))
    again = begin(kadis, papers)
    assert again.status_code == 409
    assert NOTHING in unescape(again.text)
    assert unescape(again.text).count(YOURS_ALREADY) == 3
    assert len(service.asked) == 3
    assert PaperCopy.select().count() == 3


def acting(office: Office, at: Any) -> Visitor:
    """Who acts for the Kepala Dinas."""
    Acting.create(kind="Plh.", user=office["bidang.ppa"], decree="1/2026", decree_date=today())
    return at("bidang.ppa")  # type: ignore[no-any-return]


def test_another_persons_run_and_one_lost_by_a_restart_answer_404(
    office: Office, at: Any, papers: list[Paper], service: PlayedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    kadis = at("kadis")
    answer = begin(kadis, papers[:1])
    ended(kadis, answer)
    assert acting(office, at).get(answer.location).status_code == 404
    monkeypatch.setattr(runs, "_runs", {})
    lost = kadis.get(answer.location)
    assert lost.status_code == 404
    assert GONE in unescape(lost.text)
    assert is_marked(papers[0])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({NIK_FIELD: "357301"}, NIK_FORM),
        ({"passphrase": ""}, FORM_OF_PHRASE),
        ({"passphrase": "x" * 201}, FORM_OF_PHRASE),
        ({"cara": "kunci"}, NO_WAY),
        ({"cara": "pena"}, NO_WAY),
    ],
)
def test_what_is_typed_wrongly_is_asked_for_again_and_neither_is_shown(
    at: Any, papers: list[Paper], service: PlayedService, typed: dict[str, str], sentence: str
) -> None:
    answer = begin(at("kadis"), papers, **typed)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert typed.get(NIK_FIELD, NIK) not in answer.text
    assert typed.get("passphrase", PASSPHRASE) not in answer.text or not typed.get("passphrase", PASSPHRASE)
    assert form_on(answer.text).sent["passphrase"] == ""
    assert not service.asked


def test_after_a_slip_the_page_loaded_anew_asks_for_the_same_papers(
    at: Any, papers: list[Paper], service: PlayedService
) -> None:
    kadis = at("kadis")
    page = kadis.page(address_of(*papers[:2]))
    action = re.search(r'class="sheet" method="post" action="([^"]+)"', page)
    assert action is not None
    typed = {**form_on(page).sent, NIK_FIELD: "1", "passphrase": "x"}
    wrong = kadis.client.post(unescape(action[1]), data=typed)
    assert wrong.status_code == 422
    again = re.search(r'data-instead="([^"]+)"', wrong.text)
    assert again is not None
    assert "2 dokumen menunggu tanda tangan Anda" in kadis.page(unescape(again[1]))


def everything_kept(office: Office, visitor: Visitor) -> Iterator[tuple[str, bytes]]:
    """All that the panel holds: files of its folder, rows of every table, what the session's cookie says."""
    for path in sorted(office.path.parent.rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()
    for table in database.get_tables():
        yield table, repr(database.execute_sql(f'SELECT * FROM "{table}"').fetchall()).encode()
    with visitor.client.session_transaction() as cookie:
        yield "session", repr(dict(cookie)).encode()


def test_nothing_of_nik_or_passphrase_is_left_anywhere(
    office: Office,
    at: Any,
    papers: list[Paper],
    service: PlayedService,
    official: Any,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(0)
    quoting: Answer = lambda handler, form: refuse(handler, 9, words=f"{NIK} {PASSPHRASE}")  # noqa: E731
    service.answer = in_turn(signs(official), quoting)
    kadis = at("kadis")
    pages = [ended(kadis, begin(kadis, papers)), begin(kadis, papers[1:], **{NIK_FIELD: NIK[:-1]}).text]

    def broken(*words: Any, **more: Any) -> Any:
        raise RuntimeError(f"{NIK} {PASSPHRASE}")

    monkeypatch.setattr(runs, "sign_waiting", broken)
    pages.append(ended(kadis, begin(kadis, papers[1:])))
    output = capfd.readouterr()
    places = [*everything_kept(office, kadis), ("log", caplog.text.encode()), ("output", repr(output).encode())]
    places += [("page", page.encode()) for page in pages]
    assert len(places) > 50
    assert [name for name, held in places if NIK.encode() in held or PASSPHRASE.encode() in held] == []
    gc.collect()
    assert [one for one in gc.get_objects() if isinstance(one, SigningService)] == [], "the run has dropped it"
    run = last_run(office["kadis"])
    assert run is not None
    assert PASSPHRASE not in repr(vars(run))


def test_a_locked_session_and_a_stale_proof_carry_neither_to_another_page(
    at: Any, papers: list[Paper], service: PlayedService
) -> None:
    kadis = at("kadis")
    grow_stale()
    sent = begin(kadis, papers)
    assert sent.status_code == 303
    asked = kadis.get(sent.location)
    assert asked.status_code == 401
    assert NIK not in asked.text
    assert PASSPHRASE not in asked.text
    proof = form_on(asked.text).sent
    proven = kadis.client.post(sent.location, data={**proof, KEY: PASSWORD})
    assert proven.location == sent.location
    assert 'name="passphrase"' in kadis.page(proven.location)
    token = kadis.token()
    Session.update(used=now() - timedelta(minutes=45)).execute()
    typed = {"cara": "layanan", NIK_FIELD: NIK, "passphrase": PASSPHRASE}
    locked = kadis.client.post(PAGE, data={"csrf_token": token, "id": [str(papers[0].id)], **typed})
    assert locked.status_code == 401
    assert NIK not in locked.text
    assert PASSPHRASE not in locked.text
    assert not service.asked


@pytest.fixture
def office_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A key of the office that the environment names, from an issuer that nobody trusts."""
    path = tmp_path / "kantor.p12"
    path.write_bytes(key_file("Dinas Sosial", password="kunci-uji", days=ALWAYS))
    path.chmod(0o600)
    monkeypatch.setenv(signing_settings.P12, str(path))
    monkeypatch.setenv(signing_settings.P12_PASSWORD, "kunci-uji")
    return path


def test_the_key_of_the_office_asks_for_neither_and_signs(at: Any, papers: list[Paper], office_key: Path) -> None:
    kadis = at("kadis")
    asked = kadis.page(address_of(*papers))
    assert "Dengan kunci kantor" in asked
    assert 'name="passphrase"' not in asked
    page = ended(kadis, kadis.post(PAGE, id=[str(paper.id) for paper in papers], cara="kunci"))
    assert "3 dokumen ditandatangani" in page
    assert page.count("penerbit sertifikat Dinas Sosial belum dipercaya") == 3
    assert page.count("Belum ditandai") == 3
    assert page.count("Tersimpan, tetapi tidak ada yang ditandai") == 3
    assert "Coba lagi" not in page
    assert set(returned_copies_of([paper.id for paper in papers])) == {paper.id for paper in papers}


def test_with_both_ways_the_user_chooses_and_the_key_needs_no_nik(
    at: Any, papers: list[Paper], service: PlayedService, office_key: Path
) -> None:
    kadis = at("kadis")
    asked = kadis.page(address_of(papers[0]))
    assert re.findall(r'name="cara" id="[a-z-]+" value="(\w+)"', asked) == ["layanan", "kunci"]
    assert "1 dokumen ditandatangani" in ended(
        kadis, begin(kadis, papers[:1], cara="kunci", **{NIK_FIELD: "", "passphrase": ""})
    )
    assert not service.asked
    assert PaperCopy.select().count() == 1


def test_papers_that_wait_for_others_or_are_closed_are_named_with_the_reason(
    office: Office, at: Any, papers: list[Paper], service: PlayedService
) -> None:
    others = [*Paper.select().where(Paper.kind.in_(["berkas_asesmen", "form_pengaduan"])).order_by(Paper.id)]
    page = unescape(at("kadis").page(address_of(papers[0], *others)))
    assert "1 dokumen menunggu tanda tangan Anda" in page
    assert set(re.findall(r'data-label="Sebabnya">([^<]+)', page)) == {NOT_YOURS, CLOSED}
    for other in others:
        assert str(other) in page


def test_a_paper_of_a_case_that_the_user_may_not_read_is_like_none(
    office: Office, at: Any, service: PlayedService, papers: list[Paper]
) -> None:
    plh = acting(office, at)
    answer = plh.get(address_of(*papers))
    assert answer.status_code == 409
    assert [plh.get(f"{PAGE}?id=999999").status_code, plh.get(f"{PAGE}?id=x").status_code] == [409, 404]
    too_many = plh.get(f"{PAGE}?{'&'.join(f'id={number}' for number in range(1, 102))}")
    assert too_many.status_code == 400
    assert [at(who).get(PAGE).status_code for who in ("petugas", "bidang.rehsos", "admin")] == [403] * 3


def test_without_a_way_the_page_says_how_papers_are_signed_by_hand_to_whom_may_sign_only(
    office: Office, at: Any
) -> None:
    cases = office.receive(2)
    office.bring(cases, "handle")
    kadis = at("kadis")
    assert f'<a href="{PAGE}">{BY_HAND}</a>' in kadis.page("/")
    answer = kadis.get(f"{PAGE}?id=1")
    assert answer.status_code == 200
    assert "Tanda tangan elektronik belum diatur" in answer.text
    assert "2 dokumen menunggu tanda tangan Anda" in answer.text
    [listed] = re.findall(r'primary" href="([^"]+)"', answer.text)
    assert kadis.page(unescape(listed)).count('name="rowid"') == 2
    assert kadis.post(PAGE, id="1", cara="kunci").status_code == 303
    assert [at(who).get(PAGE).status_code for who in ("petugas", "bidang.rehsos", "admin")] == [403] * 3
    assert BY_HAND not in at("bidang.rehsos").page("/")


def test_the_offer_stands_on_the_desk_and_on_the_result_of_a_decision_only_with_a_way(
    office: Office, at: Any, monkeypatch: pytest.MonkeyPatch, official: Any
) -> None:
    cases = office.receive(2)
    office.bring(cases, "dispose")
    kadis = at("kadis")
    office.bring(cases, "approve")
    assert not OFFER.search(kadis.page("/"))
    monkeypatch.setenv(signing_settings.URL, "http://127.0.0.1:9")
    waiting = Paper.select().where(Paper.kind == "lembar_disposisi").count()
    link = OFFER.search(kadis.page("/"))
    assert link is not None
    assert int(link[2]) == waiting == 2
    assert kadis.get(unescape(link[1])).status_code == 200
    token = kadis.token()
    versions = dict(Complaint.select(Complaint.id, Complaint.version).where(Complaint.id.in_(cases)).tuples())
    ticked = {"csrf_token": token, "do": "perform", "case": [f"{case}:{v}" for case, v in versions.items()]}
    result = kadis.page(kadis.client.post("/meja/approve/", data={**ticked, "shown": ""}).location)
    link = OFFER.search(result)
    assert link is not None
    assert int(link[2]) == Paper.select().where(Paper.kind == "nota_dinas").count() == 2


def test_a_paper_that_is_not_printed_yet_is_printed_and_signed(
    office: Office, at: Any, papers: list[Paper], service: PlayedService
) -> None:
    assert not Print.select().where(Print.paper == papers[0]).exists()
    kadis = at("kadis")
    assert "1 dokumen ditandatangani" in ended(kadis, begin(kadis, papers[:1]))


def test_a_rahasia_paper_is_signed_and_its_listing_is_logged(
    office: Office, at: Any, service: PlayedService, official: Any
) -> None:
    store_setting(ISSUERS, pem_of(official), office.at.date())
    office.bring(office.receive(category=SECRET), FINISHED)
    paper = Paper.get(kind="nota_dinas")
    kadis = at("kadis")
    before = ReadCase.select().where(ReadCase.complaint == paper.complaint_id).count()
    kadis.page(address_of(paper))
    assert ReadCase.select().where(ReadCase.complaint == paper.complaint_id).count() == before + 1
    assert "1 dokumen ditandatangani" in ended(kadis, begin(kadis, [paper]))
