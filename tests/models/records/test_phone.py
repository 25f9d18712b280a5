"""Numbers as people type them, and as they are dialled: what is not one whole number gets no link."""

import pytest

from models.office.contacts import call_link, chat_link, international, numbers_in

MOBILE = "6281234567890"


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812-3456-7890",
        " 0812.3456.7890 ",
        "(0812) 3456 7890",
        "812 3456 7890",
        "6281234567890",
        "+62 812 3456 7890",
        "+62 (0)812 3456 7890",
        "0062 81234567890",
    ],
)
def test_a_number_is_one_number_however_it_is_typed(typed: str) -> None:
    assert international(typed) == MOBILE


@pytest.mark.parametrize("digits", [10, 15])
def test_the_shortest_and_the_longest_number_are_numbers_and_a_digit_less_or_more_is_none(digits: int) -> None:
    number = ("62" + "8" * 13)[:digits]
    other = number[:-1] if digits == 10 else number + "8"
    assert (international(number), international(other)) == (number, "")


@pytest.mark.parametrize(
    "typed",
    ["", "112", "491141", "tidak ada", "08", "0812345678901234567", "0812 3456 7890 anak", "+", "(", "0812345²8"],
)
def test_what_is_not_one_whole_number_is_none(typed: str) -> None:
    assert international(typed) == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0812-3456-7890 (anak)", [MOBILE]),
        ("081234567890 / 0857 7777 8888", [MOBILE, "6285777778888"]),
        ("rumah (0341) 491141, HP +62 812 3456 7890", ["62341491141", MOBILE]),
        ("0812-3456-7890 atau 081234567890", [MOBILE]),
        ("minta nomor ke RT 05 RW 02", []),
        ("0812 3456 7890 0857 7777 8888", [MOBILE, "6285777778888"]),
        ("081234567890 +62 857 7777 8888 (0341) 491141", [MOBILE, "6285777778888", "62341491141"]),
        ("0812 3456 7890 0857", [MOBILE]),
        ("1234 5678 9012 3456 7890", []),
    ],
)
def test_a_text_may_hold_several_numbers_among_words(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


def test_a_landline_has_a_call_link_and_no_message_link() -> None:
    assert call_link("62341491141") == "tel:+62341491141"
    assert [chat_link(world) for world in (MOBILE, "12025550123", "62341491141")] == [
        f"https://wa.me/{MOBILE}",
        "https://wa.me/12025550123",
        "",
    ]
