"""A case whose key was destroyed: every address shows what is left and why no more, and nothing is written to it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from models.complaint import event
from models.complaint.complaint import CaseKey, Complaint
from models.complaint.event import Event, bodies, open_seals
from models.complaint.paper import Attachment, Paper, PaperFiled, PaperSigned, content_of
from models.complaint.scope import viewer
from models.office.people import today
from models.reading.casefile import identities
from models.records.promises import Pledge
from models.store.seal import ERASED, GONE, KeyGone
from models.store.uploads import Piece
from models.workflow import workflow
from papers.printing import press
from papers.printing.failure import PrintError
from sop.vocabulary import vocabulary
from tests.admin.desk.desktop import lying, send
from tests.admin.doors import Visitor, words
from tests.models.case import evidence as evidence_files
from tests.models.store.hostile_files import letter
from tests.office import Office

At = Callable[[str], Visitor]
PHONE, NIK = "081234567890", "9912345678901234"
PERSONS = {"pengadu": {"name": "Siti Maslikah", "nik": NIK, "phone": PHONE, "safe_contact": "Lewat adik"}}


@dataclass
class Two:
    """The case whose key is gone, and an ordinary one next to it."""

    gone: int
    whole: int


def erase(*cases: int) -> None:
    CaseKey.delete().where(CaseKey.complaint.in_(cases)).execute()


@pytest.fixture
def two(office: Office, panel: Flask) -> Two:
    gone = evidence_files.received(office, Piece("s.pdf", "application/pdf", letter()), **PERSONS["pengadu"])
    [whole] = office.receive(persons=PERSONS)
    office.bring([gone, whole], "approve")
    office.do([gone], "promise", what="Kunjungan ulang", day=today())
    erase(gone)
    return Two(gone, whole)


def pages(two: Two) -> list[str]:
    """The addresses of this case, and the lists that it stands on."""
    papers = [paper.public_id for paper in Paper.select().where(Paper.complaint == two.gone)]
    piece = Attachment.get(Attachment.complaint == two.gone).id
    return [
        "/",
        *(f"/{name}/" for name in ("pengaduan", "riwayat", "dokumen", "disposisi", "asesmen", "nota-dinas", "akses")),
        f"/pengaduan/details/?id={two.gone}",
        f"/pengaduan/tercatat/{two.gone}/",
        f"/akses/pengaduan/{two.gone}/",
        *(f"/{name}/details/?id=1" for name in ("disposisi", "asesmen", "nota-dinas")),
        f"/meja/approve/{two.gone}/",
        *(f"/dokumen/{paper}.pdf" for paper in papers),
        f"/lampiran/{piece}",
        f"/lampiran/{piece}/kecil",
        "/pengaduan/export/csv/",
        f"/cari/?q={PHONE}",
        "/pengaduan/?search=Siti",
    ]


def acts(two: Two) -> list[str]:
    """The page of each act, alone and with the other case, and what is drawn of papers to come."""
    alone = [f"/pengaduan/langkah/{key}/?id={two.gone}" for key in vocabulary().transitions]
    drafts = [f"/dokumen/konsep/{two.gone}/{kind}.pdf" for kind in vocabulary().papers]
    return [*alone, *(f"{act}&id={two.whole}" for act in alone), *drafts, f"/berkas/{two.gone}.pdf"]


def sent(two: Two) -> list[tuple[str, dict[str, object]]]:
    """What can be sent of it: acts, drafts, bundles, marks, exports with names."""
    versions = f"{two.gone}:{Complaint.get_by_id(two.gone).version}"
    papers = [str(paper.id) for paper in Paper.select().where(Paper.complaint == two.gone)]
    promised = [str(row.id) for row in Pledge.select().where(Pledge.complaint == two.gone)]
    assert promised
    here = [f"/pengaduan/langkah/{key}/" for key in vocabulary().transitions]
    return [
        *((path, {"cases": versions, "do": do}) for path in here for do in ("perform", "draft", "stay")),
        *((f"{path}naskah/", {"cases": versions}) for path in here),
        *(("/dokumen/action/", {"action": act, "rowid": papers}) for act in ("merge", "zip", "cover", "signed")),
        *(("/dokumen/menunggu-tanda-tangan/", {"do": act}) for act in ("merge", "zip", "cover")),
        *(("/janji/action/", {"action": act, "rowid": promised}) for act in ("agenda", "slip")),
        *(("/pengaduan/action/", {"action": act, "rowid": [two.gone]}) for act in ("merge", "zip", "approve")),
        *(("/pengaduan/identitas/", {"reason": "report", "format": kind}) for kind in ("csv", "xlsx")),
        ("/buku-register/", {"dari": "2026-10-01", "sampai": "2026-10-31"}),
        (f"/pengaduan/kontak/{two.gone}/pengadu/", {"reason": "visit"}),
        ("/meja/approve/", {"do": f"decide:approve:{versions}"}),
        (f"/meja/approve/{two.gone}/", {"lembar": "1"}),
    ]


@pytest.mark.soak
@pytest.mark.parametrize("who", ["kadis", "petugas", "bidang.rehsos", "pengawas", "admin"])
def test_no_page_of_it_fails_for_any_user(at: At, two: Two, who: str) -> None:
    visitor = at(who)
    answers = {path: visitor.get(path).status_code for path in pages(two)}
    assert {path: code for path, code in answers.items() if code >= 500} == {}
    assert answers["/"] == 200


@pytest.mark.soak
@pytest.mark.parametrize("who", ["kadis", "petugas", "bidang.rehsos", "pengawas", "admin"])
def test_no_act_on_it_fails_for_any_user(at: At, office: Office, two: Two, who: str) -> None:
    visitor, before = at(who), Complaint.get_by_id(two.gone).version
    answers = {path: visitor.get(path).status_code for path in acts(two)}
    answers |= {f"{path} {fields}": visitor.post(path, **fields).status_code for path, fields in sent(two)}
    assert {path: code for path, code in answers.items() if code >= 500} == {}
    assert (Complaint.get_by_id(two.gone).version, event.verify()[1]) == (before, "")


def test_its_page_says_why_it_shows_no_more_and_still_shows_who_did_what(at: At, two: Two) -> None:
    kadis = at("kadis")
    page = kadis.text(f"/pengaduan/details/?id={two.gone}")
    assert GONE in page
    assert ERASED in page
    assert "Siti" in page
    assert vocabulary().transitions["dispose"].did in page
    assert GONE not in kadis.text(f"/pengaduan/details/?id={two.whole}")
    for path in ("/", "/pengaduan/", "/riwayat/", "/disposisi/details/?id=1"):
        assert kadis.get(path).status_code == 200, path


def test_no_act_is_offered_and_each_says_why_the_other_case_moves_alone(at: At, office: Office, two: Two) -> None:
    kadis = at("kadis")
    assert f"/pengaduan/langkah/approve/?id={two.gone}" not in kadis.get(f"/pengaduan/details/?id={two.gone}").text
    number = Complaint.get_by_id(two.gone).number
    why = f"Kunci pengaduan {number} sudah dihapus; tidak ada langkah lagi yang dapat dicatat."
    refused = kadis.get(f"/pengaduan/langkah/approve/?id={two.gone}")
    assert (refused.status_code, why in words(refused.text)) == (409, True)
    outcome = workflow.advance([two.gone, two.whole], "approve", by=office["kadis"])
    assert (outcome.done, outcome.refused) == ([two.whole], {two.gone: why})
    for key in vocabulary().transitions:
        assert workflow.check_cases([two.gone], key, by=office["kadis"])[1][two.gone], key
    drafted = workflow.save_draft(two.gone, "handle", by=office["bidang.rehsos"])
    assert list(drafted.refused) == [two.gone]
    assert event.verify()[1] == ""


def test_the_desk_signs_the_others_and_says_why_not_this_one(at: At, office: Office, two: Two) -> None:
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    assert set(lying(page)) == {two.gone, two.whole}
    answer = send(kadis, "approve", page, two.gone, two.whole)
    assert answer.status_code == 200
    assert "sudah dihapus" in words(answer.text)
    assert (office.state(two.gone), office.state(two.whole)) == ("approve", "deliver")


@pytest.mark.soak
def test_its_papers_and_files_say_that_the_key_is_gone(at: At, two: Two) -> None:
    petugas = at("petugas")
    [form] = Paper.select().where((Paper.complaint == two.gone) & (Paper.kind == "form_pengaduan"))
    piece = Attachment.get(Attachment.complaint == two.gone).id
    for path in (f"/dokumen/{form.public_id}.pdf", f"/lampiran/{piece}"):
        answer = petugas.get(path)
        assert (400 <= answer.status_code < 500, GONE in words(answer.text)) == (True, True), path
    assert petugas.get(f"/berkas/{two.gone}.pdf").data.startswith(b"%PDF")  # its index, and why each part is missing
    with pytest.raises(PrintError, match="sudah dihapus"):
        press.merged_pdf([form], by=form.issued_by, demo=False)
    with pytest.raises(KeyGone):
        content_of(form, open_seals([two.gone])[two.gone])


def test_what_hangs_on_paper_alone_is_still_logged(at: At, two: Two) -> None:
    """The sheet itself lies in the office, and may be signed and kept."""
    petugas = at("petugas")
    [paper] = Paper.select().where((Paper.complaint == two.gone) & (Paper.kind == "lembar_disposisi"))
    day = paper.issued_at.date().isoformat()
    petugas.post("/dokumen/tanda/ditandatangani/", papers=paper.id, on=day, signer="")
    petugas.post("/dokumen/tanda/disimpan/", papers=paper.id, place="Lemari 3")
    assert (PaperSigned.get().signer, PaperFiled.get().place) == ("", "Lemari 3")
    last = list(Event.select().order_by(Event.id.desc()).limit(2))
    assert [(entry.complaint_id, entry.body) for entry in last] == [(two.gone, None)] * 2
    assert event.verify()[1] == ""
    assert petugas.post("/dokumen/action/", action="cover", rowid=str(paper.id)).status_code < 500


def test_contact_data_is_shown_as_gone_and_never_masked_as_if_it_were_there(at: At, office: Office, two: Two) -> None:
    petugas = at("petugas")
    opened = petugas.post(f"/pengaduan/kontak/{two.gone}/pengadu/", reason="visit")
    assert opened.status_code < 500
    page = petugas.text(f"/pengaduan/details/?id={two.gone}")
    assert "********" not in page
    cells = identities([two.gone, two.whole], viewer(office["petugas"]))
    assert NIK in cells[two.whole]
    assert cells[two.gone][:5] == ["Siti Maslikah", ERASED, ERASED, ERASED, ""]


def test_the_history_opens_the_entries_of_the_others(two: Two) -> None:
    entries = list(Event.select().where(Event.complaint.in_([two.gone, two.whole])))
    opened = bodies(entries, open_seals([two.gone, two.whole]))
    assert {e.complaint_id for e in entries if opened[e.id]} == {two.whole}
