"""Merged papers for both sides of a sheet or for one: chosen beside the button, kept on this device in a cookie."""

from flask import Response, request

COOKIE, A_YEAR = "bolak-balik", 365 * 24 * 60 * 60
CHOICE, ASKED = "duplex", "duplex-asked"  # the tick, and that the form had one to tick


def duplex_chosen() -> bool:
    """What was chosen last on this device."""
    return request.cookies.get(COOKIE) == "1"


def asked_duplex() -> bool:
    """What the form says; of one that does not ask, what was chosen last."""
    return CHOICE in request.form if ASKED in request.form else duplex_chosen()


def keep_duplex(answer: Response, duplex: bool) -> Response:
    """The answer, with the choice for this device from now on."""
    secure, word = request.is_secure, "1" if duplex else "0"
    answer.set_cookie(COOKIE, word, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
