"""The one-time link: 256 bits of which a hash is stored, for one person, once, for a day."""

import base64
from datetime import timedelta

import pytest

from models.office.people import User
from models.sign_in import password_links
from models.sign_in.password_links import LASTS, PasswordLink, hash_of, holder_of, make_link, use_up
from models.store.base import now


def test_a_link_is_256_random_bits_and_the_database_holds_but_their_hash(office):
    token = make_link(office["petugas"], by=office["admin"])
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    [row] = PasswordLink.select().dicts()
    assert token not in str(row)
    assert holder_of(hash_of(token)) == office["petugas"]
    assert holder_of(token) is None
    assert holder_of(row["token_hash"].upper()) is None


def test_a_newer_link_takes_the_place_of_the_one_before(office):
    first, other = (make_link(office[name], by=office["admin"]) for name in ("petugas", "kadis"))
    second = make_link(office["petugas"], by=office["admin"])
    assert holder_of(hash_of(first)) is None
    assert holder_of(hash_of(second)) == office["petugas"]
    assert holder_of(hash_of(other)) == office["kadis"]


def test_a_link_is_used_up_by_its_use(office):
    token = hash_of(make_link(office["petugas"], by=office["admin"]))
    assert not use_up(office["kadis"], token)
    assert use_up(office["petugas"], token)
    assert not use_up(office["petugas"], token)
    assert holder_of(token) is None


def test_after_a_day_it_opens_nothing(office, monkeypatch):
    token = hash_of(make_link(office["petugas"], by=office["admin"]))
    late = now() + LASTS
    monkeypatch.setattr(password_links, "now", lambda: late - timedelta(minutes=1))
    assert holder_of(token) == office["petugas"]
    monkeypatch.setattr(password_links, "now", lambda: late + timedelta(seconds=1))
    assert holder_of(token) is None
    assert not use_up(office["petugas"], token)


def test_it_opens_nothing_for_who_was_switched_off(office):
    token = hash_of(make_link(office["petugas"], by=office["admin"]))
    assert holder_of(token) == office["petugas"]
    User.update(active=False).where(User.username == "petugas").execute()
    assert holder_of(token) is None


@pytest.mark.parametrize("typed", ["", "x", "\0", "' OR 1=1 --", "é" * 4000])
def test_what_is_no_link_belongs_to_no_user(office, typed):
    assert holder_of(typed) is None
    assert holder_of(hash_of(typed)) is None
