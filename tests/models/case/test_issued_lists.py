"""Lists that are signed are papers: numbered within their kind, issued once, frozen."""

import json
from datetime import timedelta

import pytest

from models.case.issued_lists import CLOSED as CLOSED_ENVELOPE
from models.case.issued_lists import (
    IssuedList,
    content_of_list,
    count_own,
    issue_approvals,
    issue_covering,
    opened_list,
    to_sign,
)
from models.complaint.accesslog import ReadCase
from models.complaint.complaint import CaseKey, Complaint
from models.complaint.event import open_seals
from models.complaint.number import APPROVALS, COVERING, Number
from models.complaint.paper import Content, Paper, content_of, signature_of_role
from models.complaint.scope import viewer
from models.store.seal import ERASED, BrokenSeal, ring
from models.workflow import marks
from models.workflow.proof import prove_existing_rows, verified
from sop.vocabulary import CLOSED, vocabulary
from tests.models.behind import unguarded
from tests.office import SECRET, Office

APPROVE = vocabulary().transitions["approve"]
TITLE = "Bantuan untuk Ibu Sari terhenti"


def covering(office: Office, by: str = "petugas") -> list[IssuedList]:
    return issue_covering(to_sign(Paper.select().order_by(Paper.id)), by=office[by], at=office.at, demo=False)


def approved(office: Office, by: str = "kadis") -> IssuedList:
    issued = issue_approvals(APPROVE, viewer(office[by]), office.at.date(), at=office.at, demo=False)
    assert issued
    return issued


def numbers(kind: str) -> list[int]:
    return [place for (place,) in Number.select(Number.place).where(Number.series == kind).order_by(Number.id).tuples()]


@pytest.fixture
def cases(office: Office) -> list[int]:
    """A case and a rahasia one whose Nota Dinas were approved today."""
    ids = [*office.receive(title=TITLE), *office.receive(category=SECRET, title="Nama korban")]
    for case in ids:
        office.bring([case], "approve")
    office.do(ids, "approve", outcome="catatan", note="Temui Ibu Sari.")
    return ids


def test_each_signer_has_a_covering_list_with_its_own_number(office: Office, cases: list[int]) -> None:
    lists = covering(office)
    contents = [content_of_list(paper) for paper in lists]
    assert numbers(COVERING) == list(range(1, len(lists) + 1))
    assert [content["paper"]["number"] for content in contents] == [paper.number.text for paper in lists]
    assert len({paper.about for paper in lists}) == len(lists) > 2
    takers = [content["signers"][1] for content in contents]
    assert [taker["name"] for taker, content in zip(takers, contents, strict=True) if not content["closed"]] == [
        paper.about.split(",")[0] for paper in lists if not paper.about.startswith(CLOSED_ENVELOPE)
    ]
    assert sum(len(content["rows"]) for content in contents) == len(to_sign(Paper.select())) - own(office)


def own(office: Office, by: str = "petugas") -> int:
    return count_own(to_sign(Paper.select()), office[by])


def test_a_closed_list_tells_of_its_signer_no_more_than_his_part_but_for_the_only_kepala_dinas(
    office: Office, cases: list[int]
) -> None:
    number = Complaint.get_by_id(cases[1]).number
    closed = [paper for paper in covering(office, "petugas2") if paper.about.startswith(CLOSED_ENVELOPE)]
    contents = {paper.about.removeprefix(f"{CLOSED_ENVELOPE}: "): content_of_list(paper) for paper in closed}
    assert {*contents} == {"Kepala Dinas", "Kepala unit kerja", "Pelaksana", "Petugas Penanganan Pengaduan"}
    for lane, content in contents.items():
        assert (content["closed"], content["lane"]) == (True, lane)
        told = [content["signers"][1][part] for part in ("name", "title", "pangkat", "nip")]
        assert told[:2] == ([office["kadis"].name, "KEPALA DINAS"] if lane == "Kepala Dinas" else ["", ""])
        assert lane == "Kepala Dinas" or told[2:] == ["", ""]
        assert {row["register"] for row in content["rows"]} == {number}
        for row in content["rows"]:
            has_own = row["title"].startswith(("Nota Dinas", "Berita Acara"))
            assert row["number"] == ("Rahasia" if has_own else number)
    listed = [row["title"] for content in contents.values() for row in content["rows"]]
    assert len(listed) == len(set(listed))


def test_a_paper_is_brought_to_the_next_of_its_signers_alone(office: Office, cases: list[int]) -> None:
    note = Paper.get((Paper.complaint == cases[0]) & (Paper.kind == "nota_dinas"))
    assert to_sign([note])[note].role == "unit_head"
    assert to_sign([note], signature_of_role("kepala_dinas")) == {}
    marks.sign([note], by=office["petugas"], on=office.at.date(), roles=["unit_head"], at=office.tick())
    assert to_sign([note])[note].role == "kepala_dinas"
    assert len(issue_covering(to_sign([note]), by=office["petugas"], at=office.at, demo=False)) == 1


def test_nobody_is_handed_what_he_hands_out(office: Office, cases: list[int]) -> None:
    assert 0 < own(office) < len(to_sign(Paper.select()))
    takers = [content_of_list(paper)["signers"][1]["name"] for paper in covering(office)]
    assert office["petugas"].name not in takers
    forms = to_sign(Paper.select().where(Paper.kind == "form_pengaduan"))
    assert len(forms) == count_own(forms, office["petugas"]) == len(cases)
    assert issue_covering(forms, by=office["petugas"], at=office.at, demo=False) == []


def test_the_same_list_is_one_paper_with_one_number_and_code(office: Office, cases: list[int]) -> None:
    lists, day = covering(office), approved(office)
    before = {paper.id: content_of_list(paper) for paper in (*lists, day)}
    office.tick()
    assert [*covering(office), approved(office)] == [*lists, day]
    assert {paper.id: content_of_list(paper) for paper in IssuedList.select()} == before
    assert (numbers(COVERING), numbers(APPROVALS)) == (list(range(1, len(lists) + 1)), [1])
    assert verified()[1] == []


def test_what_is_handed_out_on_another_day_or_by_another_or_has_changed_is_a_new_list(
    office: Office, cases: list[int]
) -> None:
    lists, day = covering(office), approved(office)
    assert not {*covering(office, "petugas2")} & {*lists}
    more = office.receive()
    office.bring(more, "approve")
    office.do(more, "approve")
    later = approved(office)
    assert (later.number.place, len(content_of_list(later)["rows"])) == (day.number.place + 1, 3)
    office.tick(office.at + timedelta(days=1))
    assert not {*covering(office)} & {*lists}


def test_it_says_what_it_said_after_the_cases_have_changed(office: Office, cases: list[int]) -> None:
    issued = [*covering(office), approved(office)]
    before = [content_of_list(paper) for paper in issued]
    office.bring(cases[:1], CLOSED)
    Complaint.update(title="Lain").where(Complaint.id.in_(cases)).execute()
    assert [content_of_list(IssuedList.get_by_id(paper.id)) for paper in issued] == before


def cells(content: Content, name: str) -> list[str]:
    return [row[name] for row in content["rows"]]


def test_a_list_names_the_date_that_a_paper_bears(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.tick(office.at + timedelta(days=1))
    office.do([case], "approve")
    papers = Paper.select().where(Paper.complaint == case)
    seal = open_seals([case])[case]
    borne = {paper.number: content_of(paper, seal)["paper"]["date"] for paper in papers if paper.kind == "nota_dinas"}
    listed = [row for paper in covering(office) for row in content_of_list(paper)["rows"]]
    assert {row["number"]: row["date"] for row in listed if row["number"] in borne} == borne
    assert {row["number"]: row["date"] for row in content_of_list(approved(office))["rows"]} == borne


def test_of_a_rahasia_case_it_tells_register_number_and_the_choice_alone(office: Office, cases: list[int]) -> None:
    content = content_of_list(approved(office))
    assert cells(content, "title") == [TITLE, "Rahasia"]
    assert cells(content, "number")[1] == cells(content, "unit")[1] == "Rahasia"
    first, second = cells(content, "decision")
    assert "Ibu Sari" in first
    assert "Ibu Sari" not in second
    assert second.startswith("Disetujui")


def test_neither_key_alone_opens_what_it_tells_of_a_case(office: Office, cases: list[int]) -> None:
    issued = approved(office)
    assert TITLE.encode() not in bytes(issued.content)
    opened = ring().panel.open_text(f"list/{issued.number_id}", issued.content)
    assert json.loads(opened)["paper"]["number"] == issued.number.text
    assert [word for word in (TITLE, "Ibu Sari", "Nama korban") if word in opened] == []


def test_once_the_key_of_a_case_is_gone_its_cells_say_so(office: Office, cases: list[int]) -> None:
    issued, kept = approved(office), office.receive(title="Tetap ada")
    office.bring(kept, "approve")
    office.do(kept, "approve")
    later = approved(office)
    CaseKey.delete().where(CaseKey.complaint == cases[0]).execute()
    assert cells(content_of_list(issued), "title") == [ERASED, "Rahasia"]
    content = content_of_list(later)
    assert cells(content, "title") == [ERASED, "Rahasia", "Tetap ada"]
    assert cells(content, "decision")[0] == cells(content, "unit")[0] == ERASED
    assert cells(content, "register")[0] == Complaint.get_by_id(cases[0]).number


def test_a_list_is_of_what_its_asker_may_read(office: Office, cases: list[int]) -> None:
    whole, part = approved(office), approved(office, "petugas2")
    assert [len(content_of_list(paper)["rows"]) for paper in (whole, part)] == [2, 1]
    assert numbers(APPROVALS) == [1, 2]


def test_what_was_changed_behind_the_panel_is_not_opened(office: Office, cases: list[int]) -> None:
    issued = approved(office)
    issued.content = bytes(issued.content)[:-1] + b"x"
    with pytest.raises(BrokenSeal):
        content_of_list(issued)


@pytest.mark.only("sqlite")
def test_a_changed_row_is_reported(office: Office, cases: list[int]) -> None:
    prove_existing_rows()
    issued = approved(office)
    with unguarded(office.path) as raw:
        raw.execute("UPDATE issued_list SET sha256 = ? WHERE id = ?", ("0" * 64, issued.id))
    assert "Daftar" in str(verified()[1])


def test_it_is_opened_as_long_as_its_cases_may_be_read_and_each_opening_is_logged(
    office: Office, cases: list[int]
) -> None:
    issued, other = approved(office), viewer(office["petugas2"])
    assert opened_list(issued, other) == content_of_list(issued)
    assert {row.complaint_id for row in ReadCase.select()} == {*cases}
    Complaint.update(secrecy="rahasia").where(Complaint.id == cases[0]).execute()
    assert opened_list(issued, other) is None
    assert opened_list(issued, viewer(office["kadis"])) is not None


def test_a_day_without_a_decision_has_no_list(office: Office) -> None:
    assert issue_approvals(APPROVE, viewer(office["kadis"]), office.at.date(), at=office.at, demo=False) is None
    assert not Number.select().where(Number.series == APPROVALS).exists()
