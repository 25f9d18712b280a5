"""The key on the sheet: read aloud, typed with slips, and never taken for another one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.operations import archive as keys

KEYS = st.binary(min_size=keys.LENGTH, max_size=keys.LENGTH)
PLACES = st.integers(0, keys.GROUPS * (keys.DATA + 1) - 1)


@given(KEYS)
def test_what_stands_on_the_sheet_is_the_key(key: bytes) -> None:
    assert keys.read_groups(" ".join(keys.key_groups(key))) == key
    assert keys.read_groups("-".join(keys.key_groups(key)).lower()) == key


@given(KEYS, PLACES, st.sampled_from(keys.SYMBOLS))
def test_one_wrong_symbol_names_its_group(key: bytes, place: int, symbol: str) -> None:
    written = "".join(keys.key_groups(key))
    typed = written[:place] + symbol + written[place + 1 :]
    if typed == written:
        return
    with pytest.raises(ValueError, match=f"Kelompok ke-{place // 5 + 1} tidak cocok"):
        keys.read_groups(typed)


@given(KEYS, PLACES)
def test_two_neighbours_that_changed_places_are_noticed(key: bytes, place: int) -> None:
    written = list("".join(keys.key_groups(key)))
    if place % 5 == 4 or written[place] == written[place + 1]:
        return  # in two groups, where each is a wrong symbol; or no change
    written[place], written[place + 1] = written[place + 1], written[place]
    with pytest.raises(ValueError, match="tidak cocok"):
        keys.read_groups("".join(written))


@given(KEYS, st.integers(0, keys.GROUPS - 2))
def test_two_groups_that_changed_places_are_noticed(key: bytes, place: int) -> None:
    groups = keys.key_groups(key)
    groups[place], groups[place + 1] = groups[place + 1], groups[place]
    with pytest.raises(ValueError, match="tidak cocok"):
        keys.read_groups(" ".join(groups))


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    groups = keys.key_groups(bytes(keys.LENGTH))
    assert "0" in groups[0]
    assert keys.read_groups(" ".join(groups).replace("0", "O").replace("1", "l")) == bytes(keys.LENGTH)


def test_a_group_that_is_missing_is_counted() -> None:
    with pytest.raises(ValueError, match=r"13 kelompok berisi 5 huruf atau angka, jadi 65; yang diketik ada 60\."):
        keys.read_groups(" ".join(keys.key_groups(bytes(keys.LENGTH))[:-1]))


@pytest.mark.parametrize("slip", ["ABCD", "ABCDEF"])
def test_a_letter_too_few_or_too_many_is_looked_for_in_its_own_group(slip: str) -> None:
    groups = keys.key_groups(bytes(keys.LENGTH))
    with pytest.raises(keys.WrongGroup, match=f"Kelompok ke-5 tidak cocok; periksa lagi: {slip}") as wrong:
        keys.read_groups(" ".join([*groups[:4], slip, *groups[5:]]))
    with pytest.raises(keys.WrongGroup, match="Kelompok ke-5"):
        keys.read_groups(wrong.value.mended("123"))
    assert keys.read_groups(wrong.value.mended(groups[4])) == bytes(keys.LENGTH)
