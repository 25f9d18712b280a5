"""One hostile request as data, and the odd texts that hostile requests are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

BOUNDARY = "b0undary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
EVIL = "evil.example"
MARKUP = "<b data-owned>"  # must never come back as markup
NO_ID = "4000000"  # the number of nothing
SUM, TOTAL = "{{1337*1337}}${1337*1337}<%=1337*1337%>", "1787569"  # must never be reckoned

# As they stand in an address: percent-encoded, some of them no UTF-8.
ODD = {
    "nothing": "",
    "blank": "%20",
    "NUL": "%00",
    "NUL within": "a%00b",
    "no UTF-8": "%ff%fe",
    "cut UTF-8": "%e2%82",
    "overlong UTF-8": "%c0%af",
    "lone surrogate": "%ed%b3%bf",
    "percent alone": "%",
    "percent twice": "%2500",
    "new lines": "a%0d%0aX-Owned:%201%0d%0a%0d%0a<b>",
    "right to left": quote("\u202etxt.exe"),
    "stacked accents": quote("Z" + "\u0301" * 300),
    "composed otherwise": quote("A\u030a\u212b\ufb01\u2126"),
    "beyond the plane": quote("\U0001f600\U000e0001\uffff\ufdd0"),
    "markup": quote(f"\"'>{MARKUP}</textarea></script>"),
    "template": quote(SUM),
    "SQL": quote("1' OR '1'='1' UNION SELECT password_hash FROM user; DROP TABLE event; --"),
    "wildcards": quote("%_\\%_\\*?[]"),
    "path": quote("../../../../../../etc/passwd"),
    "formula": quote("=cmd|' /C calc'!A0"),
    "slow pattern": quote("a" * 60 + "(a+)+$!"),
    "format": quote("%s%n{0}{self.__class__}$(id)`id`${jndi:ldap://x}"),
}
NUMBERS = {
    "zero": "0",
    "less than nothing": "-1",
    "ten to the 22": "1" + "0" * 22,
    "ten to the 5000": "1" + "0" * 5000,
    "one more than fits": str(2**31),
    "two to the 63": str(2**63),
    "signed": "%2B1",
    "with an exponent": "1e3",
    "hexadecimal": "0x1",
    "octal": "0o7",
    "with a fraction": "1.5",
    "not a number": "NaN",
    "without end": "inf",
    "underscored": "1_0",
    "Arabic digits": quote("\u0661\u0662"),
    "wide digits": quote("\uff11"),
    "superscript": quote("\u00b2"),
    "letters": "abc",
    "a list": "1,2",
    "blanks around": "%201%20",
    "with a line's end": "1%0a",
}
LONG = {"long": "x" * 60_000, "many words": "+".join(["kata"] * 1_200), "many wide letters": "%E2%82%AC" * 20_000}


@dataclass(frozen=True)
class Ask:
    """One request. `$name` in its texts is filled in for each person: ids of cases that are his or not his, versions.

    `page`: the form of that page is sent along, as a browser would; `token`: the session's token comes with it;
    `cookie`: sent instead of the session's.
    """

    name: str
    path: str
    method: str = "GET"
    form: Mapping[str, Any] = field(default_factory=dict)
    body: bytes | None = None
    kind: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    token: bool = True
    cookie: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path[:60]} ({self.name})"


def post(name: str, path: str, form: Mapping[str, Any] | None = None, **more: Any) -> Ask:
    return Ask(name, path, "POST", form or {}, **more)


def sent(name: str, path: str, body: bytes, kind: str | None = None, **more: Any) -> Ask:
    """A body as it stands."""
    return Ask(name, path, "POST", body=body, kind=kind, **more)


def part(name: str, value: bytes = b"x", *, more: str = "", kind: str = "") -> bytes:
    """One part of a multipart body."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n'
    return (
        (head + (f"Content-Type: {kind}\r\n" if kind else "") + "\r\n").encode("utf-8", "surrogateescape")
        + value
        + b"\r\n"
    )


def closed(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
