"""The SOP on screen is the procedure: every word of the sheet, every lane, act and detour, and the draft's banner."""

import dataclasses

import pytest

from admin import sop
from models.demo.demo import is_demo
from papers.layout.sopsheet import sop_sheet
from papers.printing import press
from papers.printing.failure import PrintError
from papers.printing.render import pdf
from sop import procedure
from sop.flow import current_procedure
from sop.procedure import DETOURS, HEAD, LANES, ROWS, is_draft
from tests.papers.reading import codes


@pytest.mark.parametrize("who", ["petugas", "kadis", "bidang.rehsos", "pengawas", "admin"])
def test_everybody_in_the_office_reads_every_word_of_the_signed_sheet(at, who):
    text = at(who).text("/sop/")
    parts = [HEAD.number, HEAD.made, HEAD.approved_name, HEAD.bidang, *HEAD.legal_basis, *HEAD.qualifications]
    for row in ROWS:
        parts += [row.kegiatan, *row.kelengkapan, row.waktu, *row.output, row.title, row.note]
    assert not [word for word in parts if " ".join(word.split()) not in text]


def test_without_sign_in_it_is_not_readable(stranger):
    assert stranger.get("/sop/").status_code == 302
    assert stranger.get("/sop/lembar.pdf").status_code == 302


def test_the_sheet_is_printed_for_every_reader_with_the_same_bytes_as_by_the_press(at):
    made = set()
    for who in ("petugas", "admin"):
        assert 'href="/sop/lembar.pdf"' in at(who).get("/sop/").text
        answer = at(who).get("/sop/lembar.pdf")
        made.add(answer.data)
        read = {text for page in codes(answer.data) for text in page}
        assert len(read) == (not is_draft())
        sheet = sop_sheet(size="F4", demo=is_demo())
        sheet |= {"code": {"text": "".join(read), "qr": "".join(read)}} if read else {}
        assert (answer.mimetype, answer.data == pdf(sheet)) == ("application/pdf", True)
        assert answer.headers["Content-Disposition"] == 'inline; filename="lembar-sop.pdf"'
    assert len(made) == 1


def test_a_sheet_that_cannot_be_printed_is_said_in_a_sentence(at, monkeypatch):
    def fail(content):
        raise PrintError("Pencetakan melewati batas waktu.")

    monkeypatch.setattr(press, "unissued_pdf", fail)
    answer = at("petugas").get("/sop/lembar.pdf")
    assert answer.status_code == 409
    assert "Pencetakan melewati batas waktu." in answer.text


def test_each_act_is_marked_once_in_the_lane_of_its_actor_in_the_order_of_the_table():
    numbers = []
    for line in sop.sheet_rows():
        acts = {lane: [t for t in line.row.transitions if t.actor == lane] for lane in LANES}
        assert [len(marks) for marks in line.lanes] == [len(acts[lane]) for lane in LANES]
        numbers += sorted(mark.no for marks in line.lanes for mark in marks)
    assert numbers == list(range(1, len(current_procedure().main_line) + 1))


def test_detours_stand_apart_and_are_said_not_to_be_of_the_sop(at):
    page = at("petugas").text("/sop/")
    apart = page.index("Alur pengecualian dalam aplikasi – bukan bagian SOP")
    assert all(page.index(t.label, apart) for t in DETOURS)
    assert "hilang saat disalin" in page[:apart]


def test_each_act_leads_to_its_queue_for_every_role_that_reads_cases(at):
    petugas, admin = at("petugas"), at("admin")
    for state in current_procedure().awaited:
        link = f"/pengaduan/?flt0_0={state}"
        assert link in petugas.page("/sop/")
        assert link not in admin.page("/sop/")


def test_a_changed_row_makes_the_sheet_a_draft(at, monkeypatch):
    petugas = at("petugas")
    monkeypatch.setattr(sop, "is_draft", lambda: False)
    assert "KONSEP REVISI" not in petugas.text("/sop/")
    changed = (dataclasses.replace(ROWS[0], waktu="10 menit"), *ROWS[1:])
    monkeypatch.setattr(sop, "is_draft", lambda: procedure.is_draft(HEAD, changed))
    assert "KONSEP REVISI – belum disahkan" in petugas.text("/sop/")
