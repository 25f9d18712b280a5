"""Nobody else's city by default: no paper before the office has said who it is; one at work goes on as it was."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from models import schema
from models.case.sheets import blank_form, key_sheet
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.number import Number, Series, formatted_number
from models.complaint.paper import Paper, content_of
from models.office.identity import (
    AREA_CODE,
    CITY,
    GAP,
    GOVERNMENT,
    IDENTITY,
    NAME,
    PANEL,
    IncompleteIdentity,
    with_gaps,
)
from models.office.lists import Category, Kelurahan, Medium, Reason
from models.office.people import today
from models.office.settings import OPTIONS, ZONE, Setting, letterhead, store_setting, values
from models.reading import recap_paper
from models.reading.period import Period
from models.workflow import intake, masters, workflow
from models.workflow.proof import verified
from tests.models.upgraded import upgraded
from tests.office import MONDAY, Office, opened, outside, owner_url_of, url_of

MALANG = masters.city_settings(masters.MALANG)
MIGRATION = "0038_the_office_says_who_it_is"
OLDER = [f"DELETE FROM migration WHERE name = '{MIGRATION}'", "DELETE FROM setting"]
OURS = {
    GOVERNMENT: "PEMERINTAH KABUPATEN CONTOH",
    NAME: "DINAS SOSIAL",
    PANEL: "Dinas Sosial Kabupaten Contoh",
    CITY: "CONTOHARJO",
    AREA_CODE: "99.01",
    ZONE: "WIB",
}


@pytest.fixture(scope="module")
def begun(unnamed: Path) -> Path:
    return unnamed


def say(office: Office, **changes: str) -> None:
    for key, value in (OURS | changes).items():
        store_setting(key, value, masters.SINCE)


# An office that is at work


def test_an_office_at_work_goes_on_saying_what_the_defaults_said(office: Office) -> None:
    with upgraded(office, OLDER) as names:
        assert names == [MIGRATION]
        assert {key: values()[key] for key in MALANG} == MALANG
        assert letterhead(values(masters.SINCE))["name"] == MALANG[NAME].splitlines()
        series = ("nota_dinas", "berita_acara", "surat_lain")
        numbers = [formatted_number(one, 12, MONDAY, values()) for one in series]
        assert numbers == ["400.9/12/35.73/2026", "400.9/12/BA/35.73/2026", "400.9/12/SL/35.73/2026"]
        assert verified()[1] == []
    with upgraded(office, []) as names:
        assert names == []


def test_what_it_has_said_itself_stays_and_what_holds_from_later_on_does_so_from_then_on(office: Office) -> None:
    tomorrow, own = today() + timedelta(days=1), json.dumps("KOTA LAIN")
    add = "INSERT INTO setting (key, value, valid_from) VALUES ('{}', '{}', '{}')"
    rows = [add.format(CITY, own, today()), add.format(GOVERNMENT, own, tomorrow)]
    with upgraded(office, [*OLDER, *rows]):
        assert (values()[CITY], values()[GOVERNMENT]) == ("KOTA LAIN", MALANG[GOVERNMENT])
        assert values(tomorrow)[GOVERNMENT] == "KOTA LAIN"
        assert Setting.select().where(Setting.key == CITY).count() == 1


def test_a_pattern_with_another_code_in_it_goes_on_printing_that(office: Office) -> None:
    pattern = json.dumps("{klas}/{urut}/35.73.Z{unit}/{tahun}")
    own = f"INSERT INTO setting (key, value, valid_from) VALUES ('number.nota_dinas', '{pattern}', '{today()}')"
    with upgraded(office, [*OLDER, own]):
        assert formatted_number("nota_dinas", 7, MONDAY, values()) == "400.9/7/35.73.Z/2026"


@pytest.mark.only("sqlite")
def test_a_database_without_users_is_given_nothing(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "leer.sqlite"
    schema.prepare(url_of(path))
    with outside(path) as raw:
        raw.execute(OLDER[0])
    assert schema.prepare(url_of(path), owner_url=owner_url_of(path)) == [MIGRATION]
    with opened(path):
        assert not Setting.select().exists()


# A new one


def test_a_new_office_begins_with_nothing_of_another_city(office: Office) -> None:
    assert {key: values()[key] for key in IDENTITY} == dict.fromkeys(IDENTITY, "")
    assert all(OPTIONS[key].required for key in IDENTITY)
    assert not Kelurahan.select().exists()
    texts = [row.name for row in (*Medium.select(), *Category.select())] + [row.text for row in Reason.select()]
    texts += [str(option.default) for option in OPTIONS.values()]
    assert [words for words in texts if any(name in words.casefold() for name in ("malang", "35.73", "sambat"))] == []
    assert any("di luar daerah ini" in words for words in texts)


def test_nothing_is_registered_before_it_has_said_who_it_is(office: Office) -> None:
    data = {"medium": Medium.get(code="loket").id, "category": 1, "story": "Bantuan tidak diterima."}
    asked = {"by": office["petugas"], "data": data, "persons": {"pengadu": {"name": "Siti"}}, "at": office.tick()}
    [sentence] = intake.receive(**asked).refused.values()
    assert sentence == (
        "Dokumen belum dapat terbit: Pemerintah daerah, Nama dinas pada kop, Nama dinas "
        "pada panel, Kota pada kop, Kode wilayah pada nomor surat dan Zona waktu kantor belum diisi. Pengelola Sistem "
        "mengisinya pada Pengaturan, Wajib diisi, Identitas kantor."
    )
    assert not any(table.select().exists() for table in (Complaint, Number, Series, Paper))
    say(office)
    assert intake.receive(**asked).done


def test_its_papers_say_who_it_is_from_the_first_to_the_last(office: Office) -> None:
    say(office)
    [case] = office.receive()
    office.bring([case], "closed")
    seals = open_seals([case])
    contents = {paper.kind: content_of(paper, seals[case]) for paper in Paper.select()}
    assert {content["office"]["government"] for content in contents.values()} == {OURS[GOVERNMENT]}
    assert contents["nota_dinas"]["paper"]["number"] == "400.9/1/99.01/2026"
    assert [kind for kind, content in contents.items() if "malang" in json.dumps(content).casefold()] == []


def test_a_step_with_a_paper_waits_and_the_text_typed_until_then_stays(office: Office) -> None:
    say(office)
    [case] = office.receive(until="handle")
    office.bring([case], "handle")
    Setting.delete().where(Setting.key == GOVERNMENT).execute()
    by, blanks = office["bidang.rehsos"], office.blanks(case, "handle", office["bidang.rehsos"])
    assert workflow.save_draft(case, "handle", by=by, at=office.tick(), blanks=blanks).done
    _, sentences = workflow.check_cases([case], "handle", by=by, at=office.tick())
    [refused] = workflow.advance([case], "handle", by=by, at=office.tick(), blanks=blanks).refused.values()
    assert refused == sentences[case]
    assert "Pemerintah daerah belum diisi" in refused
    assert workflow.advance([case], "hold", by=by, at=office.tick(), blanks=office.blanks(case, "hold", by)).done


def test_without_a_code_of_the_area_in_any_pattern_none_is_asked_for(office: Office) -> None:
    say(office, **{AREA_CODE: ""})
    Setting.delete().where(Setting.key == AREA_CODE).execute()
    for key in ("nota_dinas", "berita_acara", "other"):
        store_setting(f"number.{key}", f"{{urut}}/{key}/{{seri}}/{{tahun}}", masters.SINCE)
    assert office.receive()


def test_what_was_emptied_before_it_was_asked_for_stays_empty(office: Office) -> None:
    say(office, **{CITY: ""})
    assert office.receive()


def test_what_no_case_issues_waits_as_well_but_for_the_sheet_of_the_key(office: Office) -> None:
    at, period = office.tick(), Period(MONDAY.date(), MONDAY.date())
    with pytest.raises(IncompleteIdentity, match="Pemerintah daerah"):
        blank_form(at=at, demo=False)
    with pytest.raises(ValueError, match="Identitas kantor"):
        recap_paper.issue(office["kadis"], period, at, demo=False)
    assert not Number.select().exists()
    sheet = key_sheet(["ABCD"], database="sqlite", mark="x", place="/mnt", by=office["admin"], at=at, demo=False)
    assert (sheet["office"]["government"], sheet["office"]["city"]) == (GAP, GAP)


def test_a_sample_shows_gaps_where_nothing_is_said(office: Office) -> None:
    settings = with_gaps({**values(), CITY: "CONTOHARJO"})
    assert (settings[GOVERNMENT], settings[CITY]) == (GAP, "CONTOHARJO")
    assert formatted_number("nota_dinas", 7, MONDAY, settings) == f"400.9/7/{GAP}/2026"
