"""What documents repeat of the tables is what the tables say, and a stale one is reported with the command to run."""

from dataclasses import replace
from pathlib import Path

import pytest

from sop import documents
from sop.procedure import fingerprint

ROWS = documents.documented_rows()
SIGNED = fingerprint(ROWS)
ADDED = replace(ROWS[-1], kegiatan="Kegiatan yang ditambahkan")
LONGER = replace(ROWS[2], waktu="3 hari")


@pytest.mark.parametrize("page", [page for page, _ in documents.documents()], ids=lambda page: page.name)
def test_a_document_says_what_the_tables_say(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == dict(documents.documents())[page], documents.STALE.format(page.name)


def test_an_added_row_is_documented_once_it_is_signed_and_a_changed_one_at_once() -> None:
    for place in range(len(ROWS) + 1):
        assert documents.documented_rows((*ROWS[:place], ADDED, *ROWS[place:]), SIGNED) == ROWS
    changed = (*ROWS[:2], LONGER, *ROWS[3:])
    assert documents.documented_rows(changed, SIGNED) == changed
    assert documents.documented_rows((*ROWS, ADDED), fingerprint((*ROWS, ADDED))) == (*ROWS, ADDED)


def test_a_changed_time_makes_readme_and_the_page_of_its_unit_stale_and_no_other() -> None:
    changed = dict(documents.documents((*ROWS[:2], LONGER, *ROWS[3:]), SIGNED))
    stale = {page.name for page, text in documents.documents() if changed[page] != text}
    assert stale == {"README.md", "bidang.md"}
    assert f"(baris 3, {LONGER.norm})" in changed[documents.GUIDE / "bidang.md"]


def test_a_time_of_a_row_that_is_not_there_stays_for_a_person_to_mend() -> None:
    assert documents.with_times("Tugas (baris 9, 1 hari).", ROWS) == "Tugas (baris 9, 1 hari)."


def test_what_is_run_writes_only_what_is_stale(tmp_path: Path, monkeypatch, capsys) -> None:
    old, fresh = tmp_path / "old.md", tmp_path / "fresh.md"
    old.write_text("lama", encoding="utf-8")
    fresh.write_text("sama", encoding="utf-8")
    monkeypatch.setattr(documents, "HOUSE", tmp_path)
    monkeypatch.setattr(documents, "documents", lambda: iter([(old, "baru"), (fresh, "sama")]))
    documents.main()
    assert (old.read_text(encoding="utf-8"), fresh.read_text(encoding="utf-8")) == ("baru", "sama")
    assert capsys.readouterr().out == "old.md says what the tables say now\n"
