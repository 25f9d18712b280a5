"""Every recipe of CONTRIBUTING is enough: a copy of the tree with the edits of its blocks, and no other, passes."""

from pathlib import Path

import pytest

from tests import cards, sixth_row
from tests.copied_tree import ON_EVERY_CORE, WITH_KEY, passed, run
from tests.office import Office, copied, opened, outside, url_of

TABLE = ("tests/sop", "tests/test_docs.py")
OF_THE_PAPER = (
    "layout/test_sheets.py::test_every_page_of_a_rahasia_case_says_so_but_for_what_the_pengadu_takes_home",
    "layout/test_sheets.py::test_every_variant_that_is_shown_can_be_printed",
    "printing/test_render.py::test_every_kind_prints_with_its_number_and_the_sop_it_ran_under",
    "printing/test_render.py::test_every_font_is_embedded",
    "printing/test_render.py::test_the_same_content_gives_the_same_bytes_in_this_and_in_a_fresh_process",
    "printing/test_render.py::test_short_papers_are_short",
)  # by night what they say of every other paper as well
QUICK = {
    # card: the tests that matter there
    "A deadline": (*TABLE, "tests/models/workflow/test_worked_example.py"),
    "A category, a medium, a reason, an instruction": ("tests/models/office/test_masters.py",),
    "A detour": (*TABLE, "tests/models/workflow/test_matrix.py"),
    "A blank": ("tests/sop", "tests/models/test_drift.py", "tests/models/case/test_attachments.py"),
    "A paper": ("tests/sop", *(f"tests/papers/{test}[surat_jawaban]" for test in OF_THE_PAPER)),
    "A role": (
        *TABLE,
        "tests/admin/desk/test_in_every_state.py",
        "tests/admin/test_menu.py",
        "tests/models/complaint/test_scope.py",
    ),
}
LONG = ("--quick", "tests/admin", "tests/models", "tests/papers", "tests/sop")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "house"
    made.mkdir()
    sixth_row.copy(made)
    return made


@pytest.mark.parametrize("card", QUICK)
def test_a_card_s_own_blocks_are_enough(tree: Path, card: str) -> None:
    cards.play(card, tree)
    assert passed(tree, "--quick", *QUICK[card]) > 10


@pytest.mark.soak
@pytest.mark.parametrize("card", QUICK)
def test_and_all_tests_that_read_the_table_pass_with_it(tree: Path, card: str) -> None:
    cards.play(card, tree)
    assert passed(tree, *ON_EVERY_CORE, *LONG) > 1_000


@pytest.mark.only("sqlite")
def test_the_migration_of_a_blank_keeps_the_rows_of_before(tree: Path, template: Path, tmp_path: Path) -> None:
    path = copied(template, tmp_path)
    with opened(path):
        office = Office.at_work(path)
        office.do(office.receive(), "supplement", statement="Dari sebelum isian itu ada.")
    cards.play("A blank", tree)
    done = run(tree, "-c", f"{WITH_KEY}; schema.prepare({url_of(path)!r})")
    assert done.returncode == 0, done.stderr
    with outside(path) as raw:
        assert raw.execute("SELECT statement, way FROM supplement").fetchall() == [("Dari sebelum isian itu ada.", "")]


def test_every_card_with_a_block_is_played() -> None:
    assert {card for card in cards.cards() if cards.blocks(card)} == set(QUICK)


@pytest.mark.parametrize(
    "diff",
    ["+++ README.md\n-nowhere\n+x\n", "+++ README.md\n \n+x\n", "+++ README.md\n+x\n", "+++ nowhere.md\n-x\n+y\n"],
    ids=["not there", "more than once", "a file that is there", "no file"],
)
def test_a_block_that_does_not_fit_is_reported(tree: Path, diff: str) -> None:
    [edit] = cards.edits(diff)
    with pytest.raises(cards.Misfit):
        edit.put_into(tree)
