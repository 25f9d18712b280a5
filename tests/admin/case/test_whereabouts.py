""" "Sampai di mana?" and whatever else names a date: the same one of the same clock, from receipt to the end."""

import re
from datetime import timedelta
from typing import Any

import pytest

from models.case.clocks import binding_deadline
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office.settings import LAW_CLASSES
from models.store.base import now
from papers.printing import press
from sop.flow import current_procedure
from sop.procedure import BIDANG, ROWS
from sop.vocabulary import CLOSED, vocabulary
from tests.admin.doors import words
from tests.office import Office
from tests.papers.reading import said
from tests.papers.reading import words as squeezed

PROMISES = ("tanda_terima", "form_pengaduan", "lembar_disposisi")  # papers that name a date


def of_class(office: Office, law_class: str) -> tuple[int, str]:
    """A case that came in an hour ago, and the date and clock that bind it."""
    office.at = now() - timedelta(hours=1)
    [case] = office.receive(law_class=law_class)
    return case, binding_deadline(Complaint.get_by_id(case)).words


def where(at: Any, case: int) -> str:
    page = at("petugas").get(f"/pengaduan/details/?id={case}").text
    return words(re.search(r'<p id="kalimat">(.*?)</p>', page, re.S)[1])


@pytest.mark.parametrize("law_class", LAW_CLASSES)
def test_receipt_disposition_screens_and_sentence_name_one_date_and_its_clock(
    at: Any, office: Office, law_class: str
) -> None:
    case, binds = of_class(office, law_class)
    assert binds in words(at("petugas").get(f"/pengaduan/tercatat/{case}/").text)
    assert where(at, case).endswith(f"paling lambat {binds}.")
    office.bring([case], "handle")
    papers = Paper.select().where((Paper.complaint == case) & Paper.kind.in_(PROMISES))
    texts = {paper.kind: said(press.pdf_of(paper.id)) for paper in papers}
    date, clock = binds.removesuffix(")").split(" (")
    named = {**dict.fromkeys(PROMISES, binds), "lembar_disposisi": f"{clock[0].upper()}{clock[1:]}: {date}"}
    assert {kind: squeezed(named[kind]) in text for kind, text in texts.items()} == dict.fromkeys(PROMISES, True)
    assert (
        squeezed(f"waktu SOP langkah berikutnya: {ROWS[current_procedure().row_no('handle') - 1].norm}")
        in texts["lembar_disposisi"]
    )
    assert where(at, case).endswith(f"paling lambat {binds}.")


def test_the_promised_date_stays_in_every_state_of_the_table(at: Any, office: Office) -> None:
    case, binds = of_class(office, "berkadar")
    for state in current_procedure().awaited:
        office.bring([case], state)
        assert where(at, case).endswith(f"paling lambat {binds}."), state
        assert f"{binds} Selesai paling lambat" in words(at("petugas").get(f"/pengaduan/details/?id={case}").text)


def test_a_date_that_has_passed_is_promised_no_more(at: Any, office: Office) -> None:
    case, _ = of_class(office, "informasi")
    Complaint.update(legal_due_at=office.at).execute()
    assert where(at, case).endswith("sedang diselesaikan secepatnya.")


def test_who_has_the_case_is_a_lane_or_the_unit_and_no_name(at: Any, office: Office) -> None:
    [case] = office.receive()
    for state in current_procedure().awaited:
        office.bring([case], state)
        assert "Siti Maslikah" not in where(at, case)
        unit = Complaint.get_by_id(case).unit
        if vocabulary().transitions[state].actor == BIDANG:
            assert f"oleh {unit.name}," in where(at, case)


def test_once_it_has_ended_the_sentence_shows_what_came_of_it(at: Any, office: Office) -> None:
    [case, sent] = office.receive(2)
    office.bring([case], "deliver")
    office.do([case], "deliver", told="Bantuan sudah\ncair.")
    office.bring([case], CLOSED)
    assert where(at, case).endswith(" Hasilnya: Bantuan sudah cair.")
    office.bring([sent], "dispose")
    office.do([sent], "forward", institution="Dinas Kesehatan")
    assert re.search(r"berstatus diteruskan sejak .*\. Diteruskan kepada Dinas Kesehatan\.$", where(at, sent))


def test_a_duplicate_names_the_case_it_is_handled_with_only_to_whom_may_open_that(at: Any, office: Office) -> None:
    [head, case] = office.receive(2)
    number = Complaint.get_by_id(head).number
    office.do([case], "duplicate", original=number)
    assert f", ditangani bersama pengaduan {number} sejak " in where(at, case)
    Complaint.update(secrecy="rahasia", registrar=office["petugas2"]).where(Complaint.id == head).execute()
    assert ", ditangani bersama pengaduan lain yang lebih dahulu masuk sejak " in where(at, case)
