"""Several telephone numbers and NIKs of a person are found, in whatever form: a table of its own holds their marks.

How seals open and numbers are found is written out below as it was on that day: a mark made otherwise finds nobody.
"""

import hmac
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import peewee as pw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PORTION = 1_000  # people at a time: an office of many years does not fit into memory
KINDS = {"phone": ("phone", "safe_contact"), "nik": ("nik",)}  # which columns of a person may hold numbers of a kind
COLUMNS = tuple(name for columns in KINDS.values() for name in columns)
TABLE = """CREATE TABLE "blind_index" ("id" {serial} NOT NULL PRIMARY KEY, "complaint_id" INTEGER NOT NULL,
"person" VARCHAR(20) NOT NULL, "kind" VARCHAR(10) NOT NULL, "mark" {blob} NOT NULL,
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE)"""
PEOPLE = """SELECT p."id", p."complaint_id", p."kind", c."public_id", k."wrapped", {columns} FROM "person" p
JOIN "complaint" c ON c."id" = p."complaint_id" JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE p."id" > {mark} ORDER BY p."id" LIMIT {portion}"""
MARK = 'INSERT INTO "blind_index" ("complaint_id", "person", "kind", "mark") VALUES ({0}, {0}, {0}, {0})'
DROPPED = (
    'DROP INDEX IF EXISTS "person_nik_index"',
    'DROP INDEX IF EXISTS "person_phone_index"',
    'ALTER TABLE "person" DROP COLUMN "nik_index"',
    'ALTER TABLE "person" DROP COLUMN "phone_index"',
    'DROP INDEX IF EXISTS "reading_user_id"',  # the look-ups of one person of late have an index with the moment
)


def apply_with_key(owner: pw.Database, derived: Callable[[str], bytes]) -> None:
    """Work the marks out anew from what is sealed, then drop the columns that knew one form and one number."""
    here = isinstance(owner, pw.PostgresqlDatabase)
    wrapping, index = derived("wrap case keys"), derived("blind index")
    owner.execute_sql(TABLE.format(serial="SERIAL" if here else "INTEGER", blob="BYTEA" if here else "BLOB"))
    for portion in _portions(owner):
        rows = [row for person in portion for row in _marked(wrapping, index, *person)]
        owner.cursor().executemany(MARK.format(owner.param), rows)
    for statement in DROPPED:
        owner.execute_sql(statement)


def _portions(owner: pw.Database) -> Iterator[list[Any]]:
    columns, last = ", ".join(f'p."{name}"' for name in COLUMNS), 0
    asked = PEOPLE.format(columns=columns, mark=owner.param, portion=PORTION)
    while people := owner.execute_sql(asked, (last,)).fetchall():
        yield people
        last = people[-1][0]


def _marked(
    wrapping: bytes, index: bytes, number: int, case: int, kind: str, public_id: str, wrapped: Any, *sealed: Any
) -> Iterator[tuple[int, str, str, bytes]]:
    """The rows of one person. A seal that does not open ends it: with another panel's key nobody would be found."""
    key = _opened(wrapping, f"{public_id}/key", wrapped)
    texts = {
        name: _opened(key, f"{public_id}/{kind}.{name}", value).decode() if value else ""
        for name, value in zip(COLUMNS, sealed, strict=True)
    }
    found = ((what, digits) for what, names in KINDS.items() for name in names for digits in FINDERS[what](texts[name]))
    for what, digits in dict.fromkeys(found):
        yield case, kind, what, hmac.digest(index, f"{what}:{digits}".encode(), sha256)[:16]


# Seals, as they were on that day

NONCE = 12
BROKEN = "Data tersegel tidak dapat dibuka: kunci tidak cocok atau isinya berubah."


def _opened(key: bytes, context: str, sealed: Any) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes(sealed)[:NONCE], bytes(sealed)[NONCE:], context.encode())
    except InvalidTag as broken:
        raise ValueError(BROKEN) from broken


# Numbers in a text, as they were found on that day

NIK, NIK_RUN = 16, re.compile(r"[0-9][0-9 ().-]*", re.ASCII)
PHONE_RUN = re.compile(r"\+?\(?\d[\d ().-]*", re.ASCII)
GAP = re.compile(r"\s+(?=\(?(?:\+|0|62|8))", re.ASCII)  # where a second number may begin
LONGEST, LEAST_DIGITS, MOST_DIGITS = 2_000, 10, 15


def _niks_in(text: str) -> list[str]:
    runs = (re.sub(r"[^0-9]", "", run) for run in NIK_RUN.findall(text[:LONGEST]))
    return [run[at : at + NIK] for run in runs if len(run) % NIK == 0 for at in range(0, len(run), NIK)]


def _international(typed: str) -> str:
    if not PHONE_RUN.fullmatch(typed.strip()):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    if typed.strip().startswith("+") or digits.startswith("00"):
        world = digits.removeprefix("00")
    elif digits.startswith("62"):
        world = digits
    else:
        world = f"62{digits}" if digits.startswith(("0", "8")) else ""
    if world.startswith("62"):
        world = "62" + world.removeprefix("62").lstrip("0")
    return world if LEAST_DIGITS <= len(world) <= MOST_DIGITS else ""


def _phones_in(text: str) -> Iterator[str]:
    for run in PHONE_RUN.findall(text[:LONGEST]):
        if world := _international(run):
            yield world
            continue
        parts, place = GAP.split(run), 0
        while place < len(parts):
            ends = range(place + 1, min(place + MOST_DIGITS, len(parts)) + 1)
            worlds = ((end, _international(" ".join(parts[place:end]))) for end in ends)
            place, world = next(((end, world) for end, world in worlds if world), (place + 1, ""))
            if world:
                yield world


FINDERS = {"phone": _phones_in, "nik": _niks_in}
