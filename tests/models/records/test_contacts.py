"""Personal numbers are recognised in typed texts, and no other numbers."""

import pytest

from models.office import contacts
from models.office.contacts import FoundNumbers, masked_words

NIK, PHONE = "9973015107900007", "081234567890"
OTHERS = (
    "PGD/2/X/2026",
    "400.9/1257/35.73.403/2026",
    "Nota Dinas 400.9/12/PPA/35.73/2026 tanggal 08-10-2026",
    "08-11-2026 09.30",
    "2026-11-08 09.30",
    "8 November 2026 pukul 08.00",
    "pukul 08.00 - 15.00 10 Oktober 2026",
    "buka 08.00-15.00 11 Oktober",
    "tiket 8123456, tracking 10293847",
    "Rp 850.000.000 dan Rp1.250.000,50",
    "NIP 19770724 199602 1 001",
    "NIP 197707241996021001",
    "RT 05 RW 12 No. 8",
    "tahun 2024 2025 2026",
    "kode pos 65111",
    "112 atau 129",
    "luas 12.500 m2, 3 x 4",
    "ID PKH 3573",
    "usia 62 tahun 8 bulan 10 hari",
)


@pytest.fixture(autouse=True)
def nobody_is_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contacts, "_public", [])


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_are_not_masked(text: str) -> None:
    assert masked_words(f"Menurut {text}, demikian.") == f"Menurut {text}, demikian."


def test_a_masked_text_shows_enough_to_recognise_and_too_little_to_call() -> None:
    masked = masked_words(f"Ibu (NIK {NIK}) menelepon dari 0812-3456-7890 atau {PHONE}, surel siti@contoh.id.")
    expected = "Ibu (NIK 99********0007) menelepon dari 62********90 atau 62********90, surel s********@contoh.id."
    assert masked == expected
    assert masked_words(masked) == masked


def test_numbers_that_belong_to_no_person_are_not_masked() -> None:
    found = FoundNumbers(spared={"62341123456", "dinsos@contoh.go.id"})
    text = f"Telepon (0341) 123456, dinsos@contoh.go.id, atau {PHONE}"
    assert found.without_numbers(text) == "Telepon (0341) 123456, dinsos@contoh.go.id, atau 62********90"
    assert (found.phone, found.email) == (["6281234567890"], [])


def test_a_bracket_opened_within_a_number_is_removed_with_it() -> None:
    assert masked_words("Hubungi (0341) 366777 saja") == "Hubungi 62********77 saja"
    assert masked_words("Budi (081234567890) datang") == "Budi (62********90) datang"
