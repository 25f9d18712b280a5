"""What a password may be: long, and nothing that is guessed first; each refusal is one sentence that says why."""

import pytest

from models.office.people import Division, User
from models.sign_in import passwords
from models.sign_in.passwords import COMMON, LONGEST, OWN, PLACE, REPEATED, length_sentence, objection

pytestmark = pytest.mark.nightly(engine=("postgresql",))

REFUSED = {
    # what was typed: why it is refused
    "pendek": "length",
    "sebelas-hur": "length",
    "x" * (LONGEST + 1): "length",
    "aaaaaaaaaaaa": REPEATED,
    "ababababcabab": REPEATED,
    "kucing kucing kucing ": REPEATED,
    "dewilestari1": OWN,
    "D3w1 L3st4r1!": OWN,
    "staf.rehsos99": OWN,
    "199001012015": OWN,
    "01011990-dewi": OWN,
    "Dewi1990-kata": OWN,  # a year of birth of four digits is his own as well
    "dinas sosial 2026": PLACE,
    "D1n45 S0514l!": PLACE,
    "pemberdayaan!": PLACE,
    "rehsos-malang": PLACE,
    "123456789012": COMMON,
    "qwertyuiop123": COMMON,
    "poiuytrewq2020": COMMON,
    "bismillah123": COMMON,
    "Rahasia2026!": COMMON,
    "S4y4ngku-2025": COMMON,
    "Password1234!": COMMON,
    "unbelievable": COMMON,
}
FINE = [
    "sebelas-huru",
    "kuda biru makan awan",
    "sandi yang panjang",
    "kata sandi yang baru",
    "cinta rahasia keluarga bahagia selamanya",
    "vT9#mq2Lx!e7",
    "perlindungan anak kucing di hujan",
    "лунный-кот-спит",
]


@pytest.fixture
def dewi(office) -> User:
    unit = Division.get(code="REHSOS")
    return User(username="staf.rehsos", name="Dewi Lestari", nip="199001012015012001", role="bidang", division=unit)


@pytest.mark.parametrize(("typed", "why"), REFUSED.items(), ids=lambda text: text[:20])
def test_what_would_be_guessed_is_refused_in_a_sentence_that_says_why(dewi, typed, why):
    assert objection(typed, dewi) == (length_sentence(dewi) if why == "length" else why)


@pytest.mark.parametrize("typed", FINE)
def test_what_is_long_and_hard_to_guess_is_accepted_whatever_characters_it_has(dewi, typed):
    assert objection(typed, dewi) == ""


def test_the_own_words_of_one_user_do_not_count_for_another(office, dewi):
    assert objection("staf.rehsos99", dewi) == OWN
    assert objection("staf.rehsos99", office["kadis"]) == ""


def test_eight_characters_suffice_with_a_second_factor(dewi, monkeypatch):
    assert objection("vT9#mq2L", dewi) == length_sentence(dewi)
    monkeypatch.setattr(passwords, "has_second_factor", lambda person: True)
    assert objection("vT9#mq2L", dewi) == ""
    assert objection("vT9#mq2", dewi).startswith("Kata sandi 8 sampai 128 karakter")
