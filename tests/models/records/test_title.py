"""The generated title of a complaint: its first informative sentence, without anything that identifies a person."""

import pytest

from models.complaint.complaint import Complaint
from models.office.lists import Category, Kelurahan
from models.records.entry import LONGEST_TITLE
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.procedure import Transition
from tests.office import COMMON, SECRET, Office

HIDING = [t for t in current_procedure().main_line if t.record in RECORDS and "secrecy" in RECORDS[t.record].carries]
STORY = "Selamat pagi. Saya ingin melapor. Bantuan ibu saya, NIK 9973014505600002, berhenti sejak Juli. Mohon dibantu."
TOLD = "Bantuan ibu saya, berhenti sejak Juli"


def title_of(office: Office, **data: object) -> str:
    [case] = office.receive(**data)
    return str(Complaint.get_by_id(case).title)


def standard(code: str) -> str:
    return str(Category.get(code=code).title.replace(" ({kelurahan})", ""))


def test_the_generated_title_is_the_first_informative_sentence(office: Office) -> None:
    assert title_of(office, story=STORY) == TOLD


def test_a_typed_title_stays(office: Office) -> None:
    assert title_of(office, story=STORY, title="Bantuan ibu") == "Bantuan ibu"


@pytest.mark.parametrize("story", ["Selamat pagi. Saya ingin melapor.", "Tolong.", "Z" * 300])
def test_without_an_informative_sentence_the_title_is_the_category(office: Office, story: str) -> None:
    assert title_of(office, story=story) == standard(COMMON)
    place = Kelurahan.select().first()
    assert place.name in title_of(office, story="Tolong.", kelurahan=place.id)


@pytest.mark.parametrize("columns", [{"category": SECRET}, {"category": COMMON, "secrecy": "rahasia"}])
def test_the_generated_title_of_a_rahasia_case_is_its_category(office: Office, columns: dict[str, str]) -> None:
    assert title_of(office, story="Siti dipukul suaminya, Joko.", **columns) == standard(columns["category"])


def test_a_long_sentence_ends_with_a_word(office: Office) -> None:
    title = title_of(office, story="Bantuan sembako " * 40)
    assert len(title) <= LONGEST_TITLE
    assert title.endswith((" Bantuan …", " sembako …"))


def test_a_generated_title_follows_a_correction_and_the_secrecy_of_the_case(office: Office) -> None:
    [case] = office.receive(story=STORY)
    office.do([case], "correct", new_value={"story": "Bantuan ayah saya berhenti.", "title": ""})
    assert Complaint.get_by_id(case).title == "Bantuan ayah saya berhenti"
    office.do([case], "correct", new_value={"secrecy": "rahasia", "title": ""})
    assert Complaint.get_by_id(case).title == standard(COMMON)


@pytest.mark.parametrize("step", HIDING, ids=lambda step: step.key)
def test_a_generated_title_is_replaced_when_a_step_makes_the_case_rahasia(office: Office, step: Transition) -> None:
    generated, typed = *office.receive(story=STORY), *office.receive(story=STORY, title="Bantuan ibu")
    office.bring([generated, typed], step.key)
    office.do([generated, typed], step.key, secrecy="rahasia")
    assert [Complaint.get_by_id(case).title for case in (generated, typed)] == [standard(COMMON), "Bantuan ibu"]
