"""Signed revisions: each keeps number, date and the fingerprint of its rows; whatever changes after it is a draft."""

from dataclasses import replace

import pytest

from papers.layout.sopsheet import sop_sheet
from sop import check
from sop.procedure import REVISIONS, ROWS, Revision, fingerprint, head_under, is_draft

CHANGED = (replace(ROWS[0], waktu="10 menit"), *ROWS[1:])
LATER = (*CHANGED, replace(ROWS[-1], kegiatan="Bidang memantau hasil penanganan pengaduan"))
ONE = Revision(number="1", date="1 Desember 2026", rows=fingerprint(CHANGED))
TWO = Revision(number="2", date="4 Januari 2027", rows=fingerprint(LATER))


def test_after_revision_1_its_rows_are_no_draft_and_a_change_is_one_again() -> None:
    head = head_under(ONE)
    assert not is_draft(head, CHANGED)
    assert is_draft(head, LATER)
    assert not is_draft(head_under(TWO), LATER)


def test_going_back_to_what_was_signed_before_is_a_change_too() -> None:
    assert is_draft(head_under(TWO), CHANGED)


@pytest.mark.parametrize("revision", [ONE, TWO], ids=["1", "2"])
def test_the_sheet_bears_number_and_date_of_the_last_signing_draft_or_not(revision: Revision) -> None:
    for rows in (CHANGED, LATER):
        sheet = sop_sheet(size="F4", demo=False, head=head_under(revision), rows=rows)
        assert (sheet["head"]["revision"], sheet["head"]["revised"]) == (revision.number, revision.date)
        assert sheet["sop"]["revision"] == revision.number
        assert sheet["paper"]["draft"] == (fingerprint(rows) != revision.rows)


def test_the_first_signing_bears_neither_number_nor_date() -> None:
    assert (REVISIONS[0].number, REVISIONS[0].date) == ("", "")


@pytest.mark.parametrize(
    ("revision", "column"),
    [
        (replace(ONE, number=""), "number"),
        (replace(ONE, number=REVISIONS[0].number), "number"),
        (replace(ONE, date=""), "date"),
        (replace(ONE, rows="1 Desember 2026"), "rows"),
    ],
)
def test_a_revision_that_says_too_little_stops_the_start(revision: Revision, column: str) -> None:
    [sentence] = check.revision_faults([REVISIONS[0], revision])
    assert sentence.startswith(f"Tabel SOP, revisi tercatat ke-2, kolom {column}: ")


def test_signed_revisions_are_fit() -> None:
    assert not list(check.revision_faults([REVISIONS[0], ONE, TWO]))
    assert not list(check.revision_faults(REVISIONS))
