"""A kelurahan is ours by its name and its kecamatan together; whatever else a file names stays a text."""

from dataclasses import replace

import pytest

from models.imports.matching import OwnPlaces
from models.office.lists import Kelurahan
from models.office.settings import Setting
from models.store.base import insert_rows
from tests.models.imports.test_verdicts import NOW, ROW

BARE = replace(ROW, kelurahan="Purwantoro", kecamatan="", city="")


@pytest.fixture
def places(office):
    """As a file finds them on its day."""
    return lambda: OwnPlaces(NOW.date())


def test_a_kelurahan_counts_only_together_with_its_kecamatan(places):
    ours = {
        "with its kecamatan": replace(BARE, kelurahan="Kel. PURWANTORO", kecamatan="Kecamatan Blimbing"),
        "with its city": replace(BARE, city="Kota Malang"),
    }
    text = {
        "alone": (BARE, "Purwantoro"),
        "of a kecamatan that has none of that name": (replace(BARE, kecamatan="Klojen"), "Purwantoro, Klojen"),
        "of another city's kecamatan": (replace(BARE, kecamatan="Wates"), "Purwantoro, Wates"),
        "of another city": (replace(ROW, city="Kabupaten Malang"), "Purwantoro, Blimbing, Kabupaten Malang"),
    }
    of = places()
    for name, case in ours.items():
        assert (str(of.kelurahan_of(case)), of.named_place(case)) == ("Purwantoro, Blimbing", ""), name
    for name, (case, expected) in text.items():
        place_text = of.named_place(case).removesuffix(", ")
        assert (of.kelurahan_of(case), place_text) == (None, expected), name


def test_another_citys_kecamatan_is_elsewhere_whatever_its_kelurahan_is_called(places):
    assert places().is_elsewhere(replace(BARE, kecamatan="Wates"))
    assert not places().is_elsewhere(replace(BARE, kecamatan="Klojen"))
    assert not places().is_elsewhere(BARE)


def test_what_the_office_adds_is_found_and_what_has_ended_is_not(places):
    insert_rows(
        Kelurahan,
        [{"code": "9", "kecamatan": "Blimbing Timur", "name": "Purwodadi Baru", "active": True, "version": 1}],
    )
    added = replace(BARE, kelurahan="purwodadi baru", kecamatan="blimbing timur")
    assert str(places().kelurahan_of(added)) == "Purwodadi Baru, Blimbing Timur"
    Kelurahan.update(active=False).where(Kelurahan.code == "9").execute()
    assert places().kelurahan_of(added) is None
    assert not places().is_elsewhere(added)  # it was in our city


def test_an_office_without_a_list_or_a_name_has_no_place_elsewhere(places):
    for kelurahan in Kelurahan.select():
        kelurahan.delete_instance()
    assert not places().is_elsewhere(replace(BARE, kecamatan="Wates"))
    Setting.delete().where(Setting.key == "office.government").execute()
    assert not places().is_elsewhere(replace(BARE, city="Kota Kediri"))
