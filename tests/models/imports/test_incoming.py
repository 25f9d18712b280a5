"""Each row of an export comes as it was meant, however the file spoils it, and nothing of it is cut."""

from dataclasses import replace
from datetime import UTC

import pytest

from models.complaint.complaint import Complaint
from models.imports.columns import FIELDS, FORMS, LAPOR
from models.imports.incoming import incoming_cases
from models.imports.tables import mended, rows_of_file, table_under
from sop.clock import WIB
from tests.made_lapor import making


@pytest.fixture(scope="module")
def made():
    return making.made_rows(800)


@pytest.fixture(scope="module")
def read(made):
    return incoming(making.workbook(made))


def incoming(data, form=LAPOR, zone=WIB):
    return list(incoming_cases(table_under(rows_of_file(data), form.head), form, zone))


def without_place(case):
    """What it says, wherever in the file it stands and however its day is written there."""
    return replace(case, line=0, day_told="")


def test_every_row_comes_as_it_was_meant(made, read):
    assert [case.line for case in read] == [len(making.TITLES) + 2 + place for place in range(len(made))]
    assert [case.reference for case in read] == [str(8_000_000 + place) for place in range(len(made))]
    for row, case in zip(made, read, strict=True):
        assert case.story == mended(row.story), row.odd
        assert case.title == mended(row.text.title)
        assert case.received.at.replace(second=0) == row.at.replace(second=0).astimezone(UTC), case.day_told
        assert case.closed == row.closed
        assert case.anonymous == ("anonymous" in row.odd)
        assert case.city != "Kota Malang" if "elsewhere" in row.odd else case.city == "Kota Malang"
        assert (case.office == making.OUR_OFFICE) == ("other office" not in row.odd)


def test_all_oddities_occur(made):
    assert {name for row in made for name in row.odd} == set(making.SHARES)
    assert {row.closed for row in made} == {True, False}


def test_the_same_rows_as_text_say_the_same(made, read):
    for delimiter, encoding in ((";", "utf-8-sig"), (",", "utf-16"), ("\t", "utf-8")):
        text = incoming(making.separated(made, delimiter, encoding))
        assert [replace(case, line=0, day_told="") for case in text] == [
            replace(case, line=0, day_told="") for case in read
        ]


def test_what_has_no_room_of_its_own_joins_the_story():
    form = replace(LAPOR, columns={**LAPOR.columns, "place": ("Alamat",)})
    long = {"title": "j" * 201, "name": "n" * 121, "place": "a" * 201}
    data = f"Tracking ID;Judul Laporan;Nama Pelapor;Alamat;Isi Laporan Awal\n1;{';'.join(long.values())};Isi\n"
    [case] = incoming(data.encode(), form)
    assert (case.title, case.name, case.place) == ("", "", "")
    assert all(text in case.story for text in long.values())
    assert case.story.startswith("Isi\n\nJudul menurut berkas: j")
    assert len(long["place"]) > Complaint.event_place.max_length


def test_the_edited_text_replaces_a_missing_original_and_an_empty_row_is_skipped():
    data = "Tracking ID;Isi Laporan Awal;Isi Laporan Akhir\n1;-;Diringkas\n;;\n2;Asli;Diringkas\n"
    assert [(case.line, case.story) for case in incoming(data.encode())] == [(2, "Diringkas"), (4, "Asli")]


def test_an_unreadable_date_is_stored_as_written():
    [case] = incoming(b"Tracking ID;Tanggal Laporan Masuk\n1;kemarin\n")
    assert (case.received, case.day_told) == (None, "kemarin")


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.key)
def test_a_form_of_files_names_fields_that_there_are(form):
    assert set(form.columns) <= set(FIELDS)
    assert form.head in form.columns["reference"]
