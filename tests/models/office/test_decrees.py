"""Decrees: what cannot be registered, what is never rewritten once it has begun, and the sealed scan."""

from datetime import date, timedelta

import pytest

from models.office import decree
from models.office.people import DecreeScan, Division, User, today
from models.store.uploads import Piece
from sop.words import format_span
from tests.models.workflow.acting import FIRST, LAST, acting, registered


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"valid_to": date(2026, 11, 2)}, "tidak boleh sebelum tanggal mulai"),
        ({"decree_date": date(2026, 11, 4)}, "4 November 2026 belum ada pada hari mulai berlakunya, 3 November 2026"),
        ({"username": "kadis"}, "Wicaksono Pradipta sendiri memegang jabatan Kepala Dinas"),
        ({"username": "pengawas"}, "Hadi Purnomo tidak memiliki akun aktif"),
        ({"username": "petugas2"}, "Agus Santoso tidak memiliki akun aktif"),
        ({"username": "admin"}, "Anda tidak dapat mendaftarkan diri Anda sendiri"),
    ],
)
def test_a_decree_that_cannot_be_is_refused_with_a_sentence(office, given, sentence):
    User.update(active=False).where(User.username == "petugas2").execute()
    given = dict(given)
    made = acting(office, given.pop("username", "bidang.ppa"), **given)
    made.user = User.get_by_id(made.user_id)
    assert sentence in decree.objection(made, by=office["admin"])


@pytest.mark.parametrize(
    ("first", "last", "meets"),
    [
        (date(2026, 10, 20), date(2026, 11, 2), False),
        (date(2026, 10, 20), FIRST, True),
        (FIRST, LAST, True),
        (date(2026, 11, 5), date(2026, 11, 5), True),
        (LAST, None, True),
        (date(2026, 11, 8), None, False),
        (date(2026, 10, 20), None, True),
    ],
)
def test_one_post_has_one_acting_official_on_a_day_and_the_refusal_names_him(office, first, last, meets):
    registered(office)
    made = acting(office, "bidang.rehsos", valid_from=first, valid_to=last, decree_date=date(2026, 10, 1))
    sentence = decree.objection(made, by=office["admin"])
    assert ("Plh. Kepala Dinas: Sri Handayani, 3–7 November 2026 (800/12/2026)" in sentence) is meets
    assert bool(sentence) is meets
    made.division = Division.get(code="PPA")
    assert decree.objection(made, by=office["admin"]) == ""


def test_an_open_ended_decree_meets_all_that_come_later(office):
    registered(office, valid_to=None)
    made = acting(office, "bidang.rehsos", valid_from=date(2030, 1, 1), valid_to=date(2030, 1, 2))
    assert "sejak 3 November 2026" in decree.objection(made, by=office["admin"])


COLUMNS = {"kind": "Plt.", "decree": "lain", "decree_date": date(2020, 1, 1), "valid_from": date(2020, 1, 1)}


@pytest.mark.parametrize("column", [*COLUMNS, "user", "division"])
def test_what_has_begun_is_never_rewritten(office, column):
    begun = registered(office, valid_from=today(), decree_date=today(), valid_to=today() + timedelta(days=4))
    value = {**COLUMNS, "user": office["bidang.rehsos"], "division": Division.get(code="PPA")}[column]
    setattr(begun, column, value)
    assert "yang masih dapat diubah hanya tanggal berakhirnya" in decree.objection(begun, by=office["admin"])


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (3, ""),
        (0, ""),
        (4, ""),
        (-1, "Paling cepat berakhir hari ini"),
        (5, "daftarkan surat perintah yang baru"),
        (None, "daftarkan surat perintah yang baru"),
    ],
)
def test_the_end_of_what_has_begun_is_brought_forward_and_nothing_else(office, days, sentence):
    begun = registered(
        office,
        valid_from=today() - timedelta(days=2),
        decree_date=today() - timedelta(days=2),
        valid_to=today() + timedelta(days=4),
    )
    begun.valid_to = None if days is None else today() + timedelta(days=days)
    said = decree.objection(begun, by=office["admin"])
    assert sentence in said
    assert bool(said) is bool(sentence)


def test_what_has_ended_changes_no_more_and_what_is_ahead_still_may(office):
    ended = registered(office, valid_from=date(2026, 1, 5), valid_to=date(2026, 1, 9), decree_date=date(2026, 1, 5))
    ended.valid_to = date(2026, 1, 7)
    assert "sudah berakhir pada 9 Januari 2026" in decree.objection(ended, by=office["admin"])
    ahead = registered(office, valid_from=date(2099, 1, 5), valid_to=date(2099, 1, 9))
    ahead.valid_to, ahead.decree = date(2099, 1, 12), "lain"
    assert decree.objection(ahead, by=office["admin"]) == ""


def test_the_scan_is_stored_sealed_and_opens_unchanged(office):
    made = registered(office)
    plain = b"%PDF-1.4 SURAT-PERINTAH-RAHASIA " * 20
    decree.attach(made, decree.store_scan(Piece("surat.pdf", "application/pdf", plain), by=office["admin"]))
    scan = decree.scans_of([made.id])[made.id]
    stored = office.path.parent / "files" / scan.path
    assert decree.scan_bytes(scan) == plain
    assert b"SURAT-PERINTAH" not in stored.read_bytes()
    decree.attach(made, decree.store_scan(Piece("baru.pdf", "application/pdf", b"%PDF-1.4 baru"), by=office["admin"]))
    assert decree.scans_of([made.id])[made.id].name == "baru.pdf"
    assert DecreeScan.select().count() == 2
    stored.write_bytes(b"\0" * 40)
    with pytest.raises(ValueError, match="tersegel"):
        decree.scan_bytes(scan)


def test_spans_are_written_as_the_office_writes_them():
    assert format_span(FIRST, LAST) == "3–7 November 2026"
    assert format_span(date(2026, 11, 30), date(2026, 12, 2)) == "30 November–2 Desember 2026"
    assert format_span(date(2026, 12, 30), date(2027, 1, 2)) == "30 Desember 2026–2 Januari 2027"
    assert format_span(FIRST, FIRST) == "3 November 2026"
    assert format_span(FIRST, None) == "sejak 3 November 2026"


@pytest.mark.only("sqlite")
def test_it_has_begun_on_its_first_day_and_ended_on_the_day_after_its_last(office):
    one, day = acting(office), timedelta(days=1)
    assert [decree.has_begun(one, on) for on in (FIRST - day, FIRST)] == [False, True]
    assert [decree.has_ended(one, on) for on in (LAST, LAST + day)] == [False, True]
