"""Verification codes: one a paper, found however typed, for those alone who may read the paper; nowhere in clear."""

import hashlib
from datetime import date

import pytest

from models.complaint.codes import code_groups, keep_code, new_code, paper_of_code, typed_code, with_code
from models.complaint.event import append_written, open_seals
from models.complaint.paper import Paper, PaperCode, content_of
from models.complaint.scope import viewer
from models.office.settings import CODE_ADDRESS, store_setting
from models.reading.period import Period
from models.reading.recap_paper import RecapPaper, content_of_recap, issue
from models.store import seal
from models.store.base import canonical, database
from models.workflow.proof import prove_existing_rows, verified
from sop.vocabulary import CLOSED, vocabulary
from tests.models.behind import unguarded
from tests.models.store.test_seals import places_of
from tests.office import SECRET, Office

CODE = "7K3M9Q2X0VBT5R8WJZ4CN6HYAD"
LIST = {"paper": {"key": "buku_register", "title": "Buku Register Pengaduan"}, "rows": [[1, 66.5]]}


def contents(office: Office) -> dict[int, dict]:
    papers = list(Paper.select().order_by(Paper.id))
    seals = open_seals({paper.complaint_id for paper in papers})
    return {paper.id: content_of(paper, seals[paper.complaint_id]) for paper in papers}


def codes(office: Office) -> dict[int, str]:
    return {paper: content["code"]["text"] for paper, content in contents(office).items()}


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        code_groups(CODE),
        f"  {code_groups(CODE).lower().replace('-', ' ')} ",
        "7K3M 9Q2X OVBT 5R8W JZ4C N6HY AD",
        f"https://panel.dinas.example/periksa/{CODE}",
        f"https://panel.dinas.example/periksa?kode={CODE}",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert typed_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", CODE[:-1], f"{CODE}0", CODE.replace("7", "U"), "PGD/12/XI/2026", "Siti Maslikah"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert typed_code(typed) == ""


def test_letters_that_are_misread_are_read_as_what_they_look_like() -> None:
    assert typed_code("O0Ii1Ll" + "A" * 19) == "0011111" + "A" * 19


def test_every_paper_of_a_case_has_a_code_of_its_own_by_which_it_is_found(office: Office) -> None:
    office.bring(office.receive(2), CLOSED)
    made, who = codes(office), viewer(office["kadis"])
    assert (
        len(set(made.values())) == len(made) >= 2 * sum(not paper.secret_only for paper in vocabulary().papers.values())
    )
    assert {paper: paper_of_code(code, who).paper.id for paper, code in made.items()} == {
        paper: paper for paper in made
    }
    assert verified()[1] == []


def test_the_address_of_the_day_stands_before_it_and_without_one_nothing(office: Office) -> None:
    office.receive()
    store_setting(CODE_ADDRESS, "https://panel.dinas.example/periksa", office.at.date())
    office.receive()
    store_setting(CODE_ADDRESS, "", date(2126, 1, 1))
    first, *_, last = [content["code"] for content in contents(office).values()]
    assert first["qr"] == first["text"]
    assert last["qr"] == f"https://panel.dinas.example/periksa/{last['text']}"


def test_it_leads_nobody_to_a_paper_that_he_may_not_read(office: Office) -> None:
    [case] = office.receive(category=SECRET)
    office.bring([case], "handle")
    code = next(iter(codes(office).values()))
    assert paper_of_code(code, viewer(office["kadis"])).paper is not None
    for username in ("bidang.rehsos", "admin"):
        assert paper_of_code(code, viewer(office[username])) is None
    assert paper_of_code("0" * 26, viewer(office["kadis"])) is None


def test_the_database_tells_no_code(office: Office) -> None:
    office.receive()
    code = next(iter(codes(office).values()))
    recap = content_of_recap(issue(office["kadis"], Period(office.at.date(), office.at.date()), office.at, demo=False))
    assert places_of([code], office) == {code: []}
    assert places_of([recap["code"]["text"]], office) == {recap["code"]["text"]: []}


def test_with_the_key_of_a_case_the_code_is_gone_and_its_row_stays(office: Office) -> None:
    [case] = office.receive()
    code = next(iter(codes(office).values()))
    marks = PaperCode.select().count()
    database.execute_sql(f"DELETE FROM case_key WHERE complaint_id = {database.param}", (case,))
    assert open_seals([case])[case].is_gone
    assert PaperCode.select().count() == marks
    assert paper_of_code(code, viewer(office["kadis"])).paper.complaint_id == case


def test_codes_do_not_tell_two_digests_apart(office: Office) -> None:
    office.receive()
    issue(office["kadis"], Period(office.at.date(), office.at.date()), office.at, demo=False)
    before = office.digest()
    paper, recap = Paper.get(), RecapPaper.get()
    key = open_seals([paper.complaint_id])[paper.complaint_id]
    other = canonical({**content_of(paper, key), "code": {"text": CODE, "qr": CODE}})
    with unguarded(office.path) as raw:
        raw.execute(
            "UPDATE paper SET content = ? WHERE id = ?", (key.close_text(f"paper/{paper.public_id}", other), paper.id)
        )
        raw.execute("UPDATE recap_paper SET code = ? WHERE id = ?", (b"x", recap.id))
    assert office.digest() == before


def test_a_recap_has_one_and_the_same_figures_are_not_issued_anew_for_it(office: Office) -> None:
    day = office.at.date()
    first, again = (issue(office["kadis"], Period(day, day), office.at, demo=False) for _ in range(2))
    assert first == again
    code = content_of_recap(first)["code"]["text"]
    row = PaperCode.get(PaperCode.mark == seal.ring().code_mark(code))
    assert (row.kind, row.sha256, row.issued_by_id) == ("rekapitulasi", first.sha256, office["kadis"].id)
    assert first.number.text in paper_of_code(code, viewer(office["kadis"])).words
    assert paper_of_code(code, viewer(office["bidang.ppa"])) is not None
    assert paper_of_code(code, viewer(office["admin"])) is None  # reads no cases
    assert verified()[1] == []


def test_what_is_printed_and_not_kept_says_what_it_was_when_and_by_whom(office: Office) -> None:
    petugas = office["petugas"]
    made = with_code(LIST, about="5–6 Oktober 2026", by=petugas, at=office.at)
    words = paper_of_code(made["code"]["text"], viewer(petugas)).words
    assert words.startswith("Buku Register Pengaduan 5–6 Oktober 2026, terbit ")
    assert petugas.name in words
    assert paper_of_code(made["code"]["text"], viewer(office["admin"])) is None
    row = PaperCode.get(PaperCode.kind == "buku_register")
    assert row.sha256 == hashlib.sha256(canonical(LIST).encode()).hexdigest()
    assert verified()[1] == []


def test_printed_again_in_the_same_words_it_has_the_same_code_and_one_row(office: Office) -> None:
    first, again = (with_code(LIST, about="Oktober", by=office["petugas"], at=office.at) for _ in range(2))
    other = with_code({**LIST, "rows": []}, about="Oktober", by=office["petugas"], at=office.at)
    assert first == again
    assert other["code"] != first["code"]
    assert PaperCode.select().where(PaperCode.kind == "buku_register").count() == 2


def test_a_changed_row_of_a_code_is_named(office: Office) -> None:
    with database.atomic():
        keep_code({**LIST, "code": new_code()}, about="Oktober", sha256="a" * 64, by=office["petugas"], at=office.at)
        append_written()
    prove_existing_rows()
    with unguarded(office.path) as raw:
        raw.execute("UPDATE paper_code SET about = 'Buku Register Pengaduan November'")
    assert ["Kode verifikasi" in sentence for sentence in verified()[1]] == [True]
