"""A visitor of the tests takes neither the sign-in page nor a refusal for the page that was asked for."""

from collections.abc import Callable

import pytest
from flask import Flask

from models.office.people import User
from tests.admin.doors import Visitor, signed_in

pytestmark = pytest.mark.only("sqlite")  # about the tests themselves


@pytest.mark.parametrize("asked", [Visitor.get, Visitor.post, Visitor.page, Visitor.text])
def test_who_was_signed_in_is_not_asked_to_sign_in_unnoticed(
    at: Callable[[str], Visitor], asked: Callable[..., object]
) -> None:
    visitor = at("petugas")
    User.update(active=False).where(User.username == "petugas").execute()
    with pytest.raises(AssertionError, match=r"/pengaduan/.* asks to sign in"):
        asked(visitor, "/pengaduan/action/" if asked is Visitor.post else "/pengaduan/")


def test_a_refusal_is_no_page(at: Callable[[str], Visitor]) -> None:
    with pytest.raises(AssertionError, match="/pengaduan/ answers 403"):
        at("admin").page("/pengaduan/")


def test_who_does_not_come_in_is_not_signed_in(panel: Flask) -> None:
    User.update(active=False).where(User.username == "petugas").execute()
    with pytest.raises(AssertionError, match="petugas has not come in"):
        signed_in(panel, "petugas")
