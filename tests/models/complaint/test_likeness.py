"""The similarity marks of a case: equal for equal texts and persons, added by a migration, and shown to no user."""

from pathlib import Path

import pytest

from models import schema as tables
from models.complaint.complaint import Complaint
from models.complaint.repeats import (
    Likeness,
    accused_marks,
    likenesses,
    marks_of_case,
    person_marks,
    text_marks,
    ticket_marks,
    words_of,
)
from models.records.entry import stored_entry
from models.store import seal
from tests.corpus.kept import BEFORE_MARKS, handed
from tests.models.behind import schema
from tests.office import KEY, dropped, opened, owner_url_of, url_of

MARK_OF_BEFORE = -9193612425970895160  # the least of a text's, made before searches knew more notations
NOBODY = {"name": "", "birth": "", "kelurahan": None, "address": "", "domicile": ""}


@pytest.fixture(autouse=True)
def own_key() -> None:
    seal.install(KEY)


def test_a_text_has_one_normal_form_for_any_breaks_signs_and_short_forms() -> None:
    assert words_of("Yg\\nsaya, LAPORKAN –\r\n tdk 🙏 ada!") == words_of("yang saya laporkan tidak ada")


def test_the_marks_of_earlier_cases_stay_whatever_synonyms_the_search_knows() -> None:
    story = "Yth. Dinas, lampu jl. Melati no. 7 kel. Sukun kec. Sukun RT 03 padam sudah tiga pekan."
    assert " ".join(words_of(story)) == (
        "yth dinas lampu jalan melati no 7 kel sukun kec sukun rt 03 padam sudah tiga pekan"
    )
    assert text_marks(story)[0].mark == MARK_OF_BEFORE


@pytest.mark.parametrize("text", ["", "tes", "satu dua tiga empat lima", "kata " * 3_000, "\x00 ☐ 𝒳 " * 9])
def test_of_any_text_there_are_few_marks(text: str) -> None:
    assert len(text_marks(text)) <= 12
    assert likenesses(text, [text, "lain"])[0] == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"address": "Jalan Melati No. 7 RT 02/05"}, {"domicile": "jl melati 7, rt 2 / 5"}),
        (
            {"name": "Siti  MASLIKAH", "birth": "Malang, 12 Maret 1985"},
            {"name": "siti maslikah", "birth": "malang 12 maret 1985"},
        ),
        ({"name": "Siti Maslikah", "kelurahan": 3}, {"name": "Siti Maslikah", "kelurahan": 3, "birth": "Malang"}),
    ],
)
def test_one_person_is_recognised(one: dict[str, object], other: dict[str, object]) -> None:
    assert set(person_marks({**NOBODY, **one})) & set(person_marks({**NOBODY, **other}))


@pytest.mark.parametrize("few", [{"name": "Siti"}, {"address": "Jalan Melati"}, {"birth": "Malang"}, {"kelurahan": 3}])
def test_incomplete_data_have_no_marks(few: dict[str, object]) -> None:
    assert person_marks({**NOBODY, **few}) == []
    assert accused_marks("suami") == ticket_marks(4, " - ") == ticket_marks(None, "12") == []


@pytest.mark.parametrize("version", [BEFORE_MARKS[0], BEFORE_MARKS[-1]])
def test_every_earlier_case_gets_the_marks_of_a_new_one(
    version: str, engine: str, tmp_path: Path, template: Path
) -> None:
    path = handed(version, engine, tmp_path)
    assert "0012_likeness" in tables.prepare(url_of(path), owner_url=owner_url_of(path))
    migrated, new = schema(path), schema(template)
    assert migrated["likeness"] == new["likeness"]
    assert {name for name in migrated[""] ^ new[""] if "likeness" in name} == set()
    with opened(path):
        stored = {
            c.id: {(row.kind, row.mark) for row in Likeness.select().where(Likeness.case == c.id)}
            for c in Complaint.select()
        }
        for c in Complaint.select():
            entry = stored_entry(c)
            assert stored[c.id] == set(marks_of_case(entry.columns, entry.present))
        assert sum(map(len, stored.values())) > len(stored)
    assert tables.prepare(url_of(path), owner_url=owner_url_of(path)) == []
    dropped(path)
