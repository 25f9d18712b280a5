"""What masking leaves of contact data: up to which length nothing, and which first word of an address is no name."""

import pytest

from models.office.contacts import STARS, masked_text


@pytest.mark.parametrize("column", ["nik", "phone"])
def test_a_number_of_eight_digits_is_masked_entirely_and_one_of_nine_is_not(column: str) -> None:
    assert masked_text(column, "12345678") == STARS
    assert masked_text(column, "123456789") == {"nik": f"12{STARS}6789", "phone": f"12{STARS}89"}[column]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jl. Kenanga 4", f"Jl. {STARS}"),
        ("Gang Buntu", f"Gang {STARS}"),  # four letters are still a kind of street
        ("Jalan Kenanga 4", STARS),
        ("Siti rumahnya di pojok", f"Siti {STARS}"),
        ("Rt.3 Kotalama", STARS),
        ("7 Kenanga", STARS),
        ("Jl.", STARS),
        ("Sawojajar", STARS),
    ],
)
@pytest.mark.parametrize("column", ["address", "domicile"])
def test_of_an_address_only_a_short_first_word_without_digits_is_shown(column: str, text: str, shown: str) -> None:
    assert masked_text(column, text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a@contoh.id", STARS), ("ab@contoh.id", f"a{STARS}@contoh.id"), ("@contoh.id", STARS), ("siti", STARS)],
)
def test_of_an_e_mail_the_first_letter_of_two_is_shown_and_nothing_of_one(text: str, shown: str) -> None:
    assert masked_text("email", text) == shown


@pytest.mark.parametrize("text", ["x", "Telepon tetangga 0812 jam 9", "12345678901234567890"])
def test_of_a_safe_way_only_that_there_is_one_is_shown(text: str) -> None:
    assert masked_text("safe_contact", text) == STARS
