"""MAIL_URL names a server and who one is there; what is wrong with it is said without quoting any of it."""

import pytest

from models.email.mail_server import (
    EXPOSED,
    HALF,
    HOSTLESS,
    MORE,
    ODD,
    PORTLESS,
    UNKNOWN,
    Security,
    server_of,
    url_faults,
)

SECRET = "kenariXsandi"
GOOD = {
    "smtp://panel:x@mail.example": ("mail.example", 587, Security.STARTTLS, "panel", "x"),
    "smtps://mail.example/": ("mail.example", 465, Security.TLS, "", ""),
    "smtp://a%40b.id:p%3Aa%2Fs%20s@mail.example:2525": ("mail.example", 2525, Security.STARTTLS, "a@b.id", "p:a/s s"),
    "smtp+plain://localhost": ("localhost", 25, Security.NONE, "", ""),
    "smtp+plain://[::1]:1025": ("::1", 1025, Security.NONE, "", ""),
    "smtps://[2001:db8::1]": ("2001:db8::1", 465, Security.TLS, "", ""),
}
BAD = {
    f"http://panel:{SECRET}@mail.example": UNKNOWN,
    f"panel:{SECRET}@mail.example:587": UNKNOWN,
    f"smtp://panel:{SECRET}@": HOSTLESS,
    f"smtp://panel:{SECRET}@[::1": HOSTLESS,
    f"smtp://panel:{SECRET}@mail_ex!ample": HOSTLESS,
    f"smtp://panel:{SECRET}@mail.example:99999": PORTLESS,
    f"smtp://panel:{SECRET}@mail.example:0": PORTLESS,
    f"smtp://panel:1/{SECRET}@mail.example": MORE,
    f"smtp://panel:a/{SECRET}@mail.example": MORE,
    f"smtp://panel:1#{SECRET}@mail.example": MORE,
    f"smtp://panel:1?{SECRET}@mail.example": MORE,
    f"smtp://{SECRET}@mail.example": HALF,
    f"smtp://:{SECRET}@mail.example": HALF,
    f"smtp://panel:{SECRET} x@mail.example": ODD,
    f"smtp://panel:{SECRET}\n@mail.example": ODD,
    f"smtp://panel:{SECRET}é@mail.example": ODD,
    f"smtp://panel:{SECRET}%C3%A9@mail.example": ODD,
    f"smtp://panel:{SECRET}%0D%0A@mail.example": ODD,
    f"smtp+plain://panel:{SECRET}@mail.example": EXPOSED,
    f"smtp+plain://panel:{SECRET}@10.0.0.1": EXPOSED,
}


@pytest.mark.parametrize(("url", "parts"), GOOD.items())
def test_a_url_names_the_server_the_way_there_and_who_one_is(url: str, parts: tuple[object, ...]) -> None:
    server = server_of(url)
    assert (server.host, server.port, server.security, server.user, server.password) == parts
    assert [*url_faults(url)] == []


@pytest.mark.parametrize(("url", "fault"), BAD.items())
def test_what_is_no_server_is_one_sentence_that_quotes_nothing(url: str, fault: str) -> None:
    [sentence] = url_faults(url)
    assert sentence.startswith(f"MAIL_URL {fault}.")
    assert SECRET not in sentence
    with pytest.raises(ValueError, match="MAIL_URL") as refused:
        server_of(url)
    assert SECRET not in repr(refused.value)


def test_no_url_is_no_fault() -> None:
    assert [*url_faults("")] == []


def test_a_server_in_words_holds_no_password() -> None:
    server = server_of(f"smtp://pengguna:{SECRET}@mail.example:587")
    assert SECRET not in f"{server} {server!r}"
    assert "pengguna" not in repr(server)
