"""A file's kelurahan are judged by what each would do to the list, and stored together or not at all."""

import pytest

from models.office.lists import (
    ADDED,
    REFUSED,
    RENAMED,
    REVIVED,
    SAME,
    AreaRow,
    Kelurahan,
    apply_judged_rows,
    judged_rows,
)
from models.store.base import database
from tests.office import Office

KLOJEN = ("Kauman", "Klojen")


def known(name: str = "Kauman") -> Kelurahan:
    return Kelurahan.get(Kelurahan.name == name)


def row(name: str, kecamatan: str = "Klojen", code: str = "", line: int = 2) -> AreaRow:
    return AreaRow(line, name, kecamatan, code)


def verdicts(*rows: AreaRow) -> list[str]:
    return [one.verdict for one in judged_rows(rows)]


def test_a_row_adds_renames_revives_or_changes_nothing(office: Office) -> None:
    Kelurahan.update(active=False).where(Kelurahan.name == "Gading Kasri").execute()
    rows = [
        row("Baru"),
        row("Kauman Lor", code=known().code),
        row("gading KASRI"),
        row("Oro-oro Dowo"),
        row("Samaan", kecamatan="Lowokwaru"),
    ]
    assert verdicts(*rows) == [ADDED, RENAMED, REVIVED, SAME, ADDED]
    before = Kelurahan.select().count()
    with database.atomic():
        applied = apply_judged_rows(judged_rows(rows))
    named = {"Baru, Klojen", "Kauman Lor, Klojen", "gading KASRI, Klojen", "Samaan, Lowokwaru"}
    assert {str(one) for one in applied} == named
    assert Kelurahan.select().count() == before + 2
    assert len({one.code for one in Kelurahan.select()}) == before + 2
    assert set(verdicts(*rows)) == {SAME}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row("")], "Kelurahannya kosong."),
        ([row("Baru", kecamatan="")], "Kecamatannya kosong."),
        ([row("B" * 61)], "paling panjang 60 huruf"),
        ([row("Baru", code="<b> x/../")], "“<b> x/../” bukan kode yang benar."),
        ([row("Baru", code="1" * 21)], "Kodenya paling panjang 20 huruf."),
        ([row("Baru"), row("BARU", line=3)], "Dua kali pada berkas ini."),
        ([row("Baru", code="1"), row("Lain", code="1", line=3)], "Kodenya dua kali"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(office: Office, rows: list[AreaRow], why: str) -> None:
    judged = judged_rows(rows)
    assert len(judged) == len(rows)
    assert all(one.verdict == REFUSED and why in one.why for one in judged)


def test_a_different_code_in_the_list_is_mentioned_and_one_older_than_the_rule_still_matches(
    office: Office,
) -> None:
    before = known().code
    [same] = judged_rows([row("kauman", code="99.99.99")])
    assert (same.verdict, same.why) == (SAME, f"Kodenya pada daftar tetap {before}.")
    Kelurahan.update(code="<b> x/../").where(Kelurahan.name == "Kauman").execute()
    assert verdicts(row("Kauman Lor", code="<b> x/../")) == [RENAMED]


def test_a_name_that_another_one_has_is_refused_unless_that_one_gives_it_up(office: Office) -> None:
    first, second = known(), known("Samaan")
    [taken] = judged_rows([row("Samaan", code=first.code)])
    assert (taken.verdict, taken.why) == (REFUSED, "Kelurahan ini sudah ada pada daftar.")
    swapped = [row("Samaan", code=first.code), row("Kauman", code=second.code, line=3)]
    assert verdicts(*swapped) == [RENAMED, RENAMED]
    with database.atomic():
        apply_judged_rows(judged_rows(swapped))
    assert (Kelurahan.get_by_id(first.id).name, Kelurahan.get_by_id(second.id).name) == ("Samaan", "Kauman")


def test_the_former_name_of_a_renamed_one_is_free_for_another(office: Office) -> None:
    rows = [row("Kauman Lor", code=known().code), row("Kauman", line=3)]
    assert verdicts(*rows) == [RENAMED, ADDED]
    with database.atomic():
        apply_judged_rows(judged_rows(rows))
    assert Kelurahan.select().where(Kelurahan.name << ("Kauman", "Kauman Lor")).count() == 2
