"""A complaint that came by an online medium is answered there: the approved answer stands ready to be copied."""

from collections.abc import Callable

import pytest

from admin.case.contact import in_parts
from models.complaint.complaint import Complaint
from models.office.lists import Medium
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
ANSWER = "Bantuan Saudara dicairkan pada bulan depan."


def answered(office: Office, medium: str, state: str) -> int:
    """A case of this medium whose Nota Dinas is approved, with the answer that it gives."""
    [case] = office.receive()
    Complaint.update(medium=Medium.get(code=medium)).where(Complaint.id == case).execute()
    office.bring([case], "submit")
    office.do([case], "submit", answer=ANSWER)
    office.bring([case], state)
    return case


def online() -> str:
    return str(Medium.get(Medium.group == "online").code)


@pytest.mark.parametrize("state", ["deliver", "closed"])
def test_the_answer_is_there_to_copy_once_it_is_approved(office: Office, at: At, state: str) -> None:
    case = answered(office, online(), state)
    page = at("petugas").get(f"/pengaduan/details/?id={case}").text
    assert 'data-copy="jawaban"' in page
    assert f"Jawaban untuk {Medium.get(code=online()).name}" in words(page)
    assert f"nomor {Complaint.get_by_id(case).number} telah kami tangani. {ANSWER} Terima kasih." in words(page)


@pytest.mark.parametrize(("medium", "state"), [("loket", "closed"), ("", "approve")])
def test_there_is_none_at_the_counter_or_before_it_is_approved(office: Office, at: At, medium: str, state: str) -> None:
    case = answered(office, medium or online(), state)
    assert 'data-copy="jawaban"' not in at("petugas").page(f"/pengaduan/details/?id={case}")


def test_what_was_taken_down_online_is_answered_there_and_delivered_to_no_person(office: Office, at: At) -> None:
    [here], [there] = office.receive(), office.receive()
    Complaint.update(medium=Medium.get(code=online())).where(Complaint.id == there).execute()
    assert "serahkan kepada pengadu" in at("petugas").text(f"/pengaduan/tercatat/{here}/")
    page = at("petugas").text(f"/pengaduan/tercatat/{there}/")
    assert "serahkan kepada pengadu" not in page
    assert f"tercatat dengan nomor {Complaint.get_by_id(there).number}" in page


def test_of_a_rahasia_case_no_answer_leaves_and_no_number(office: Office, at: At) -> None:
    case = answered(office, online(), "deliver")
    Complaint.update(secrecy="rahasia").where(Complaint.id == case).execute()
    for page in (f"/pengaduan/details/?id={case}", f"/pengaduan/tercatat/{case}/"):
        copied = at("petugas").get(page).text.split('id="jawaban">')[1].split("</p>")[0]
        assert "Ada kabar dari kantor kami" in copied
        assert Complaint.get_by_id(case).number not in copied
        assert ANSWER not in copied


def test_a_long_answer_comes_in_parts_that_the_medium_takes_and_none_of_it_is_lost() -> None:
    text = "\n\n".join(f"Kalimat pertama {no}. Kalimat kedua yang lebih panjang {no}." for no in range(40))
    parts = in_parts(text, 200)
    assert max(map(len, parts)) <= 200
    assert parts[0].endswith(f"(1/{len(parts)})")
    joined = " ".join(part.rpartition(" (")[0] for part in parts)
    assert joined.split() == text.split()
    assert in_parts("x" * 500, 160)[0] == f"{'x' * 152} (1/4)"
    assert in_parts("pendek", 160) == ["pendek"]
