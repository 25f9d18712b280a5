"""The list of kelurahan: a file's rows judged by what each would do to it, and kept all together or not at all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import peewee as pw

from models.office.identity import code_objection
from models.office.lists import Kelurahan
from models.store.base import insert_rows
from models.store.rows import rewrites

MOST = 2_000  # rows; no kabupaten has half as many
LONGEST, LONGEST_CODE = 60, 20  # letters, as the columns hold them
ADDED, RENAMED, REVIVED, SAME, REFUSED = "added", "renamed", "revived", "same", "refused"
VERDICTS = {
    ADDED: "Ditambah",
    RENAMED: "Diganti namanya",
    REVIVED: "Berlaku lagi",
    SAME: "Sudah ada",
    REFUSED: "Ditolak",
}
NO_NAME, NO_KECAMATAN = "Kelurahannya kosong.", "Kecamatannya kosong."
TOO_LONG = f"Kelurahan dan kecamatan paling panjang {LONGEST} huruf."
CODE_TOO_LONG = f"Kodenya paling panjang {LONGEST_CODE} huruf."
TWICE, CODE_TWICE = "Dua kali pada berkas ini.", "Kodenya dua kali pada berkas ini."
TAKEN = "Kelurahan ini sudah ada pada daftar."
BEFORE, CODE_STAYS = "Sebelumnya {}.", "Kodenya pada daftar tetap {}."


@dataclass(frozen=True)
class AreaRow:
    """One kelurahan as a file names it; `line` is the file's own number of the row."""

    line: int
    name: str
    kecamatan: str
    code: str = ""

    @property
    def place(self) -> str:
        return place_key(self.name, self.kecamatan)


@dataclass(frozen=True)
class JudgedArea:
    """What a row would do to the list, what is to be said of it, and which of the list it is about."""

    row: AreaRow
    verdict: str
    why: str = ""
    known: Kelurahan | None = None

    @property
    def label(self) -> str:
        return VERDICTS[self.verdict]


def place_key(name: str, kecamatan: str) -> str:
    """By what two names are the same, however they are written."""
    return "\n".join(" ".join(words.split()).casefold() for words in (kecamatan, name))


def taken_by(name: str, kecamatan: str) -> Kelurahan | None:
    """The kelurahan of the list that is called so, if there is one."""
    wanted = place_key(name, kecamatan)
    return next((one for one in Kelurahan.select() if place_key(one.name, one.kecamatan) == wanted), None)


def area_code_fault(code: str) -> str:
    """The sentence why none may be coded so, "" if it may; without a code the panel gives one."""
    return CODE_TOO_LONG if len(code) > LONGEST_CODE else code_objection(code)


def free_codes(taken: Iterable[str] = ()) -> Iterator[str]:
    """Codes for kelurahan that have none of their own."""
    known = {*taken, *(str(code) for (code,) in Kelurahan.select(Kelurahan.code).tuples())}
    return (code for number in count(len(known) + 1) if (code := f"K{number:04}") not in known)


def judged_rows(rows: Sequence[AreaRow]) -> list[JudgedArea]:
    """Each row by what it would do to the list as it stands; by its code if that is known, else by its name."""
    listed = list(Kelurahan.select())
    by_code, by_place = {one.code: one for one in listed}, {place_key(o.name, o.kecamatan): o for o in listed}
    places, codes = Counter(row.place for row in rows), Counter(row.code for row in rows if row.code)
    leaving = {place_key(by_code[r.code].name, by_code[r.code].kecamatan) for r in rows if r.code in by_code}

    def judged(row: AreaRow) -> JudgedArea:
        known = by_code.get(row.code) or (None if row.place in leaving else by_place.get(row.place))
        why = _fault(row) or ("" if row.code in by_code else area_code_fault(row.code))
        if why := why or (TWICE if places[row.place] > 1 else CODE_TWICE if codes[row.code] > 1 else ""):
            return JudgedArea(row, REFUSED, why)
        if known is None:
            return JudgedArea(row, ADDED)
        if place_key(known.name, known.kecamatan) == row.place:
            stays = CODE_STAYS.format(known.code) if row.code not in ("", known.code) else ""
            return JudgedArea(row, SAME if known.active else REVIVED, stays, known)
        if row.place in by_place and row.place not in leaving:
            return JudgedArea(row, REFUSED, TAKEN)
        return JudgedArea(row, RENAMED, BEFORE.format(known), known)

    return [judged(row) for row in rows]


def _fault(row: AreaRow) -> str:
    if not row.name:
        return NO_NAME
    if not row.kecamatan:
        return NO_KECAMATAN
    return TOO_LONG if max(len(row.name), len(row.kecamatan)) > LONGEST else ""


def counted(judged: Iterable[JudgedArea]) -> dict[str, int]:
    """How many rows have each verdict."""
    numbers = Counter(one.verdict for one in judged)
    return {verdict: numbers[verdict] for verdict in VERDICTS}


def keep_judged(judged: Sequence[JudgedArea]) -> list[Kelurahan]:
    """Do to the list what the rows would do; those that were added or changed. Call inside the transaction that tells
    of it; none may be refused."""
    changed = {a.known.id: a.row for a in judged if a.known and a.verdict in (RENAMED, REVIVED)}
    rewrites(Kelurahan, changed)
    for number in changed:  # first aside: two may change names with each other
        Kelurahan.update(name=f"~{number}", kecamatan="~").where(Kelurahan.id == number).execute()
    for number, row in changed.items():
        names = {"name": row.name, "kecamatan": row.kecamatan, "active": True}
        Kelurahan.update(**names, version=Kelurahan.version + 1).where(Kelurahan.id == number).execute()
    last = Kelurahan.select(pw.fn.COALESCE(pw.fn.MAX(Kelurahan.id), 0)).scalar()
    _add([one.row for one in judged if one.verdict == ADDED])
    kept = (Kelurahan.id > last) | Kelurahan.id.in_(list(changed))
    return list(Kelurahan.select().where(kept).order_by(Kelurahan.id))


def _add(rows: Sequence[AreaRow]) -> None:
    codes, new = free_codes(row.code for row in rows), {"active": True, "version": 1}
    named = ({"name": row.name, "kecamatan": row.kecamatan, "code": row.code or next(codes)} for row in rows)
    insert_rows(Kelurahan, [{**new, **row} for row in named])
