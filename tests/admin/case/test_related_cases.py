"""A case's page names the other cases that belong to it, and ties and unties them, as far as one may open them."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from admin.case.parts import TIED_NAMED
from models.complaint.complaint import Complaint
from models.records.detours import APART, TIED, Tie
from tests.admin.doors import Visitor, words
from tests.models.complaint.test_blind import NIK, person
from tests.office import EMERGENCY, Office

At = Callable[[str], Visitor]


def fold(visitor: Visitor, case: int) -> Any:
    """What stands folded under "Pengaduan lain", None where there is none."""
    page = lxml.html.fromstring(visitor.get(f"/pengaduan/details/?id={case}").text)
    return next((f for f in page.findall(".//details") if "Pengaduan lain" in f.find("summary").text_content()), None)


def pressed(visitor: Visitor, form: Any, **typed: str) -> Any:
    return visitor.client.post(form.action, data={**dict(form.form_values()), **typed})


def step_form(answer: Any) -> Any:
    return next(f for f in lxml.html.fromstring(answer.text).forms if "number" in f.fields and "note" in f.fields)


def number_of(case: int) -> str:
    return str(Complaint.get_by_id(case).number)


def test_a_case_of_the_same_person_is_tied_with_a_tap_and_a_word_and_stands_on_both(office: Office, at: At) -> None:
    one, two = (office.receive(story=story, persons=person(nik=NIK))[0] for story in ("Satu hal.", "Lain hal lagi."))
    petugas = at("petugas")
    [form] = fold(petugas, one).findall(".//form")
    asked = step_form(pressed(petugas, form))
    assert (asked.fields["number"], asked.fields["word"]) == (number_of(two), TIED)
    assert not Tie.select().exists(), "the tap only opens the page"
    assert pressed(petugas, asked, note="kakak beradik", do="perform").status_code == 303
    for here, there in ((one, two), (two, one)):
        text = words(lxml.html.tostring(fold(petugas, here), encoding="unicode"))
        assert f"Berkaitan {number_of(there)}" in text
        assert "kakak beradik · NIK sama" in text, "once, with what they have in common"
        assert text.count(number_of(there)) == 1


def test_a_tie_is_let_go_from_either_side(office: Office, at: At) -> None:
    one, two = office.receive(2)
    office.do([one], "tie", number=number_of(two))
    petugas = at("petugas")
    form = next(f for f in fold(petugas, two).findall(".//form") if "Lepas kaitan" in f.text_content())
    asked = step_form(pressed(petugas, form))
    assert (asked.fields["number"], asked.fields["word"]) == (number_of(one), APART)
    assert pressed(petugas, asked, do="perform").status_code == 303
    for case in (one, two):
        assert (there := fold(petugas, case)) is None or "Berkaitan" not in there.text_content()


def test_a_link_is_hidden_from_users_who_may_not_open_the_other_case(office: Office, at: At) -> None:
    [secret] = office.receive(by="petugas2", secrecy="rahasia")
    [case] = office.receive()
    office.do([secret], "tie", by="petugas2", number=number_of(case), note="KATAKUNCI")
    assert number_of(case) in fold(at("petugas2"), secret).text_content()
    page = at("petugas").get(f"/pengaduan/details/?id={case}").text
    assert number_of(secret) not in page
    assert "KATAKUNCI" not in page


def test_who_may_not_tie_reads_of_it_and_has_no_button(office: Office, at: At) -> None:
    one, two = office.receive(2)
    office.do([one], "tie", number=number_of(two))
    there = fold(at("kadis"), one)
    assert number_of(two) in there.text_content()
    assert not there.findall(".//form")


@pytest.mark.parametrize("username", ["bidang.rehsos", "staf.rehsos"])
def test_a_unit_that_reads_an_emergency_before_it_is_given_to_it_has_no_button_that_does_nothing(
    office: Office, at: At, username: str
) -> None:
    one, two = (office.receive(category=EMERGENCY, emergency=True)[0] for _ in range(2))
    office.do([one], "tie", number=number_of(two))
    there = fold(at(username), one)
    assert number_of(two) in there.text_content()
    assert not there.findall(".//form")


def test_of_many_ties_the_newest_twenty_are_named(office: Office, at: At) -> None:
    one, *others = office.receive(23)
    for other in others:
        office.do([one], "tie", number=number_of(other))
    there = fold(at("petugas"), one)
    assert "22 berkaitan" in there.text_content()
    assert len(there.findall(".//form")) == TIED_NAMED
    assert number_of(others[-1]) in there.text_content()
