"""Light or dark: what a person chose on this device, kept there in a cookie that outlives the session."""

from typing import Any

from flask import request

COOKIE, A_YEAR = "tampilan", 365 * 24 * 60 * 60
BY_DEVICE = "perangkat"
CHOICES = {BY_DEVICE: "Ikuti perangkat", "terang": "Terang", "gelap": "Gelap"}


def chosen_scheme() -> str:
    """What was chosen on this device; a word that is none counts as not chosen."""
    word = request.cookies.get(COOKIE, BY_DEVICE)
    return word if word in CHOICES else BY_DEVICE


def keep_scheme(answer: Any, word: str) -> Any:
    """The answer, with the choice for this device from now on."""
    if word in CHOICES:
        answer.set_cookie(COOKIE, word, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
