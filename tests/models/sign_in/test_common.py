"""The block list of a package knows what leaks have shown; ours has the words of an Indonesian guesser."""

import pytest

from models.sign_in.passwords import commonplaces, is_leaked, read


@pytest.mark.parametrize("password", ["1234567890", "qwertyuiop", "unbelievable", "1q2w3e4r5t6y", "iloveyou1234"])
def test_what_many_people_use_is_on_it(password):
    assert is_leaked(password)


@pytest.mark.parametrize(
    "password", ["kuda biru makan awan", "vT9#mq2Lx!e7", "pendek", "", "\0" * 12, "kuda \ud800 biru", "x\ny" * 9]
)
def test_an_unusual_password_is_not_leaked_whatever_characters_it_has(password):
    assert not is_leaked(password)


def test_commonplaces_stand_as_a_password_is_read():
    assert [word for word in commonplaces() if read(word).text != word] == []
    assert len(set(commonplaces())) == len(commonplaces())
