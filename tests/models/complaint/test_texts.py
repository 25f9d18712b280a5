"""The search text of a case is the text of its page: masked, without drafts, deleted with the case's key."""

import re
from typing import Any

import pytest

from models.case.casetext import act_row, main_row_of
from models.complaint.complaint import CaseKey, Complaint
from models.complaint.search_text import CaseText, searched_text
from models.records.registry import RECORDS
from models.store.base import database
from models.workflow import workflow
from tests.office import Office, outside
from tests.patience import cpu_within

NIK, PHONE = "9973011203850001", "081234567890"


def texts(case: int) -> str:
    return "\n".join(row.text for row in CaseText.select().where(CaseText.case == case).order_by(CaseText.id))


def composed(c: Complaint) -> set[str]:
    """What would be written of the case now."""
    rows = [main_row_of(c)]
    for key, model in RECORDS.items():
        made = model.select().where((model.complaint == c) & ~model.draft).dicts()
        rows += [act_row(c.id, key, row) for row in made]
    return {row.text.strip() for row in rows} - {""}


def without_numbers_of_acts(case: int) -> set[str]:
    taken = {row.text for row in Complaint.get_by_id(case).numbers}
    texts = (row.text.strip() for row in CaseText.select().where(CaseText.case == case))
    own = Complaint.get_by_id(case).number
    return {re.sub("|".join(map(re.escape, taken - {own})) or "$^", "", one).strip() for one in texts} - {""}


def test_after_every_act_a_case_is_found_by_the_words_on_its_page(office: Office) -> None:
    persons = {"pengadu": {"name": "Siti Maslikah"}, "kuasa": {"name": "Tini Rahayu"}}
    ids = office.receive(2, persons=persons, medium_ref="10254761", asks="Minta dijenguk", event_place="Gang Buntu")
    office.do(ids[:1], "correct", new_value={"story": "Beras habis.", "kuasa.name": "", "pengadu.name": "Sri Ayu"})
    office.bring(ids, "closed")
    for c in Complaint.select():
        assert without_numbers_of_acts(c.id) == composed(c)
    assert "Tini" not in texts(ids[0])
    assert "Tini Rahayu" in texts(ids[1])
    assert all(word in texts(ids[1]) for word in ("10254761", "Minta dijenguk", "Gang Buntu", "Contoh fakta"))


def test_the_number_that_an_act_took_is_found(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "closed")
    taken = {number.text for number in Complaint.get_by_id(case).numbers}
    assert len(taken) > 1
    assert all(number in texts(case) for number in taken)


def test_a_generated_title_changed_by_the_secrecy_is_indexed(office: Office) -> None:
    [case] = office.receive(story="Kambing tetangga masuk rumah. Lainnya tidak.")
    office.bring([case], "dispose")
    office.do([case], "dispose", secrecy="rahasia")
    title = Complaint.get_by_id(case).title
    assert title != "Kambing tetangga masuk rumah"
    assert title in texts(case)


def test_a_draft_is_not_found(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "submit")
    by = office["bidang.rehsos"]
    workflow.save_draft(case, "submit", by=by, at=office.tick(), blanks={"subject": "Xylofon"})
    assert "Xylofon" not in texts(case)
    office.do([case], "submit")
    assert "Xylofon" in texts(case)


@pytest.mark.parametrize(
    "typed", [f"NIK {NIK}.", f"hubungi {PHONE} ya", "+62 812-3456-7890", "9973 0112 0385 0001 2026"]
)
def test_personal_numbers_are_not_indexed(typed: str) -> None:
    indexed = searched_text(1, [f"Awal {typed} akhir"]).text
    assert not re.search(r"\d{4}", indexed)
    assert "Awal" in indexed
    assert "akhir" in indexed


@pytest.mark.parametrize("typed", ["400.9/12/35.73/2026", "10254761", "82547610", "Rp800.000.000", "05-10-2026"])
def test_other_numbers_are_indexed(typed: str) -> None:
    assert typed in searched_text(1, [typed]).text


def test_short_words_and_accents_have_their_form() -> None:
    row = searched_text(1, ["Kampung Sékoé\x00 RT.03/RW 07", "(KB)"])
    assert row.text == " Kampung Sekoe RT.03/RW 07 \n (KB) "
    assert row.short == " rt 03 rw 07 kb "


@pytest.mark.parametrize("typed", ["0 " * 400_000, "081234567890 " * 60_000, "(" * 500_000, "é " * 300_000])
def test_a_text_as_long_as_a_form_is_indexed_within_seconds(typed: str) -> None:
    with cpu_within(5):
        assert searched_text(1, [typed]).text


def test_with_the_cases_key_its_words_go(office: Office) -> None:
    case, other = office.receive(2, story="Kata unik: zebrakuda.")
    CaseKey.delete().where(CaseKey.complaint == case).execute()
    assert {row.complaint_id for row in CaseText.select()} == {other}


@pytest.mark.only("sqlite")
def test_no_trigram_remains_of_a_case_whose_key_was_destroyed(office: Office) -> None:
    [case] = office.receive(story="Kata unik: zqjxkw.")

    def trigrams() -> set[Any]:
        with outside(office.path) as raw:
            raw.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'case_text_find', 'row')")
            return {term for (term,) in raw.execute("SELECT term FROM temp.terms")}

    assert "zqj" in trigrams()
    CaseKey.delete().where(CaseKey.complaint == case).execute()
    database.execute_sql("SELECT 1")
    assert not {"zqj", "jxk", "xkw"} & trigrams()
