"""Numbers of persons are found wherever people write them: behind a word, before a count, one behind another."""

from models.imports.batches import LiftedNumbers

NIK, PHONE, WORLD = "9973015107900007", "081234567890", "6281234567890"


def lifted(text):
    numbers = LiftedNumbers()
    return numbers.without_numbers(text), numbers.nik, numbers.phone


def test_a_number_is_masked_whatever_is_next_to_it():
    for text, niks, phones in (
        (f"{NIK} {PHONE}", [NIK], [WORLD]),
        (f"NIK {NIK}. 3 anak saya", [NIK], []),
        (f"usia 45 {PHONE}", [], [WORLD]),
        (f"hubungi {PHONE} 2 kali", [], [WORLD]),
        (f"No.{NIK} Hp.{PHONE} WA{PHONE}", [NIK], [WORLD, WORLD]),
        (f"5 {NIK} - {PHONE} ({PHONE})", [NIK], [WORLD]),
        ("9973 0151 0790 0007 0812 3456 7890", [NIK], [WORLD]),
        ("KK 9973015107900008 9973015107900007", ["9973015107900008", NIK], []),
    ):
        masked, *found_numbers = lifted(text)
        assert found_numbers == [niks, phones], text
        assert not any(number in masked.replace(" ", "") for number in (NIK, PHONE)), masked
    assert lifted(f"NIK {NIK}. 3 anak saya")[0] == "NIK 99********0007. 3 anak saya"


def test_sums_and_other_numbers_stay_as_they_are():
    for text in (
        "Rp850000000",
        "Rp.850.000.000",
        "Rp 850000000",
        "850.000.000 1.250.000",
        "tahun 2026 2027 2028 2029 2030",
        "RT 05 RW 12",
    ):
        assert lifted(text) == (text, [], [])
