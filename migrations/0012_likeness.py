"""Cases that came before are recognised too when they come once more: their marks are worked out from what is kept.

How seals open and marks are made is written out below as it was on that day: a mark made otherwise hides a repeat.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import peewee as pw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PORTION = 500  # cases at a time: an office of many years does not fit into memory
TABLE = """CREATE TABLE "likeness" ("complaint_id" INTEGER NOT NULL, "kind" {small} NOT NULL, "mark" {big} NOT NULL,
PRIMARY KEY ("mark", "complaint_id"),
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE){rows}"""
POSTGRESQL = {"small": "SMALLINT", "big": "BIGINT", "rows": ""}
SQLITE = {"small": "INTEGER", "big": "INTEGER", "rows": " WITHOUT ROWID"}
INDEX = 'CREATE INDEX "likeness_complaint_id" ON "likeness" ("complaint_id")'
CASES = """SELECT c."id", c."public_id", k."wrapped", c."story", c."medium_id", c."medium_ref", c."accused"
FROM "complaint" c JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE c."id" > {mark} ORDER BY c."id" LIMIT {portion}"""
PEOPLE = """SELECT "complaint_id", "kind", "name", "birth", "kelurahan_id", "address", "domicile" FROM "person"
WHERE "complaint_id" BETWEEN {mark} AND {mark}"""
MARK = 'INSERT INTO "likeness" ("complaint_id", "kind", "mark") VALUES ({0}, {0}, {0})'
COLUMNS, PERSON = ("story", "medium", "medium_ref", "accused"), ("name", "birth", "kelurahan", "address", "domicile")
SEALED = ("address", "domicile")
Mark = tuple[int, int]  # of which kind, and the mark itself


def apply_with_key(owner: pw.Database, derived: Callable[[str], bytes]) -> None:
    """Make the table, then mark case by case. A seal that does not open ends it, and the next start begins anew."""
    kinds = POSTGRESQL if isinstance(owner, pw.PostgresqlDatabase) else SQLITE
    owner.execute_sql(TABLE.format(**kinds))
    wrapping, likeness = derived("wrap case keys"), derived("likeness")
    for portion in _portions(owner, wrapping, likeness):
        owner.cursor().executemany(MARK.format(owner.param), [row for case in portion for row in case])
    owner.execute_sql(INDEX)


def _portions(owner: pw.Database, wrapping: bytes, likeness: bytes) -> Iterator[list[list[tuple[int, int, int]]]]:
    last = 0
    while cases := owner.execute_sql(CASES.format(mark=owner.param, portion=PORTION), (last,)).fetchall():
        first, last = cases[0][0], cases[-1][0]
        people: dict[int, list[Any]] = {}
        for person in owner.execute_sql(PEOPLE.format(mark=owner.param), (first, last)).fetchall():
            people.setdefault(person[0], []).append(person[1:])
        yield [
            [(case[0], *mark) for mark in _marked(wrapping, likeness, case, people.get(case[0], []))] for case in cases
        ]


def _marked(wrapping: bytes, likeness: bytes, case: Any, people: list[Any]) -> list[Mark]:
    """All that a case is recognised by, each once."""
    _, public_id, wrapped, *values = case
    columns, key = dict(zip(COLUMNS, values, strict=True)), _opened(wrapping, f"{public_id}/key", wrapped)
    marks = sorted(_hashed(likeness, TEXT, _stretches(columns["story"])))[:LEAST]
    ticket = "".join(WORD.findall(columns["medium_ref"].casefold()))
    marks += _hashed(likeness, TICKET, {f"{columns['medium']}/{ticket}"} if columns["medium"] and ticket else set())
    accused = _words_of(columns["accused"])
    marks += _hashed(likeness, ACCUSED, {" ".join(accused)} if len(accused) > 1 else set())
    by_kind = {}
    for kind, *told in people:
        person = dict(zip(PERSON, told, strict=True))
        for name in SEALED:
            sealed, context = person[name], f"{public_id}/{kind}.{name}"
            person[name] = _opened(key, context, sealed).decode() if sealed else ""
        by_kind[kind] = _person_marks(likeness, person)
    marks += [mark for of_person in by_kind.values() for mark in of_person]
    return list({mark: (kind, mark) for kind, mark in marks}.values())


# Marks, as they were made on that day

TEXT, TICKET, NAME, ACCUSED, ADDRESS = range(1, 6)
STRETCH, LEAST, LONGEST = 4, 12, 10_000
WORD = re.compile(r"[^\W_]+")
SHORT_FORMS = """yg yang, dgn dengan, dg dengan, krn karena, karna karena, tdk tidak, gak tidak, ga tidak, sdh sudah,
udah sudah, utk untuk, sy saya, pd pada, dr dari, dlm dalam, bln bulan, thn tahun, org orang, rmh rumah, blm belum,
jg juga, kpd kepada, smp sampai, tp tetapi, tapi tetapi, tgl tanggal, bs bisa, lg lagi, ank anak, dn dan, mhn mohon,
skrg sekarang, jln jalan, jl jalan, gg gang, bpk bapak, tlg tolong, trs terus, kmrn kemarin, spy supaya, ttg tentang"""
WHOLE = dict(pair.split() for pair in SHORT_FORMS.split(","))


def _words_of(text: str) -> list[str]:
    plain = text[:LONGEST].replace("\\n", " ").casefold()
    return [WHOLE.get(word, word) for word in WORD.findall(plain)]


def _stretches(text: str) -> set[str]:
    words = _words_of(text)
    return {" ".join(words[at : at + STRETCH]) for at in range(max(1, len(words) - STRETCH + 1))} if words else set()


def _person_marks(likeness: bytes, person: Mapping[str, Any]) -> list[Mark]:
    name = " ".join(_words_of(person["name"]))
    seconds = {" ".join(_words_of(person["birth"])), str(person["kelurahan"] or "")} - {""}
    named = {f"{name}/{second}" for second in seconds} if name else set()
    places = {place for one in SEALED if (place := _place(person[one]))}
    return [*_hashed(likeness, NAME, named), *_hashed(likeness, ADDRESS, places)]


def _place(address: str) -> str:
    words = [word.lstrip("0") for word in _words_of(address) if word not in ("jalan", "nomor", "no")]
    numbered = any(a.isalpha() and b.isdigit() for a, b in pairwise(words))
    return " ".join(filter(None, words)) if numbered else ""


def _hashed(likeness: bytes, kind: int, texts: set[str]) -> set[Mark]:
    found = set()
    for text in texts:
        hashed = blake2b(f"{kind}:{text}".encode(errors="replace"), digest_size=8, key=likeness).digest()
        found.add((kind, int.from_bytes(hashed, signed=True)))
    return found


# Seals, as they were on that day

NONCE = 12
BROKEN = "Data tersegel tidak dapat dibuka: kunci tidak cocok atau isinya berubah."


def _opened(key: bytes, context: str, sealed: Any) -> bytes:
    try:
        return AESGCM(key).decrypt(bytes(sealed)[:NONCE], bytes(sealed)[NONCE:], context.encode())
    except InvalidTag as broken:
        raise ValueError(BROKEN) from broken
