"""The category on the intake's page: proposed by the story, picked with a tap, or left to be sorted later."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import lxml.html
import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.office.lists import Category
from models.records.entry import NO_CATEGORY
from models.records.entry import UNSORTED as LABEL
from tests.admin.doors import Visitor, words
from tests.admin.intake.test_intake_page import category, drawn, posted
from tests.office import COMMON, SECRET, UNSORTED, Office

At = Callable[[str], Visitor]
STORY = "Suami saya mabuk lalu memukul saya, anak kami menangis."


def proposals_on(page: str) -> list[tuple[str, str]]:
    """(value, text) of the buttons."""
    return [
        (b.get("value"), " ".join(b.text_content().split()))
        for b in lxml.html.fromstring(page).xpath("//button[@data-pick]")
    ]


@pytest.mark.parametrize("do", ["save", "raise"])
def test_without_a_category_nothing_is_saved_and_the_page_proposes_some_for_words_of_the_story(
    at: At, office: Office, do: str
) -> None:
    answer = posted(at("petugas"), category="", story=STORY, do=do)
    assert (answer.status_code, Complaint.select().exists()) == (422, False)
    assert NO_CATEGORY in words(answer.text)
    assert drawn(answer.text).fields["story"].strip() == STORY
    assert drawn(answer.text).fields["category"] == ""
    (value, text), *others = proposals_on(answer.text)
    assert (value, len(others)) == (f"pick:{category(SECRET)}", 2)
    assert re.search(r"\(KDRT\) karena: [\w, …]*suami", text)


def test_a_tap_picks_without_script_what_was_proposed_and_what_it_decides(at: At, office: Office) -> None:
    form = drawn(posted(at("petugas"), category="", story=STORY, do=f"pick:{category(SECRET)}").text)
    assert (form.fields["category"], form.fields["secrecy"]) == (category(SECRET), "rahasia")
    assert not Complaint.select().exists()
    for odd in ("999", "", "x", "1e9", "9" * 40):
        answer = posted(at("petugas"), category="", story=STORY, do=f"pick:{odd}")
        assert (answer.status_code, drawn(answer.text).fields["category"]) == (200, "")


def test_while_one_types_they_come_as_a_part_that_stores_nothing_and_names_no_case(at: At, office: Office) -> None:
    office.receive(3, story=STORY, category=SECRET, by="petugas2")
    before = office.digest()
    part = posted(at("petugas"), category="", story=STORY, do="proposals")
    assert (part.status_code, proposals_on(part.text)[0][0]) == (200, f"pick:{category(SECRET)}")
    assert "PGD/" not in part.text
    assert proposals_on(posted(at("petugas"), category="", story="", do="proposals").text) == []
    assert office.digest() == before
    assert at("kadis").post("/pengaduan/new/", story=STORY, do="proposals").status_code == 403


def test_a_file_or_endless_text_in_place_of_the_story_is_no_fault(at: At, office: Office) -> None:
    visitor = at("petugas")
    sent: dict[str, Any] = {
        "do": "proposals",
        "csrf_token": visitor.token(),
        "story": (io.BytesIO(b"x"), "a.txt"),
    }
    assert visitor.client.post("/pengaduan/new/", data=sent).status_code == 200
    assert visitor.post("/pengaduan/new/", do="proposals", story="pukul suami " * 40_000).status_code == 200


def test_sorted_later_is_the_last_choice_and_stands_in_what_is_to_be_completed_until_a_correction(
    at: At, office: Office
) -> None:
    petugas = at("petugas")
    options = drawn(petugas.get("/pengaduan/new/").text).inputs["category"].xpath(".//option/text()")
    assert options[-1] == Category.get(code=UNSORTED).name
    result = posted(petugas, category=category(UNSORTED))
    case = Complaint.get()
    assert f"Perlu dilengkapi {LABEL}" in words(result.text)
    assert f"Perlu dilengkapi {LABEL}" in words(petugas.get(f"/pengaduan/details/?id={case.id}").text)
    filtered = re.search(r"name=(flt\w+)[^>]*>(?:(?!</select>).)*Belum dipilah", petugas.get("/pengaduan/").text, re.S)[
        1
    ]
    assert case.number in unescape(petugas.get(f"/pengaduan/?{filtered}={case.category_id}").text)
    other = Category.get(code=COMMON).id
    assert case.number not in unescape(petugas.get(f"/pengaduan/?{filtered}={other}").text)
    Complaint.update(category=other).execute()
    assert f"Perlu dilengkapi {LABEL}" not in words(petugas.get(f"/pengaduan/details/?id={case.id}").text)


def test_no_paper_asks_the_pengadu_for_the_category(at: At, office: Office) -> None:
    posted(at("petugas"), category=category(UNSORTED))
    case = Complaint.get()
    seal = open_seals([case.id])[case.id]
    for paper in Paper.select():
        assert LABEL not in content_of(paper, seal)["complaint"].get("missing", ())
