"""The office's lists: media, categories, kelurahan (also by import), reasons, instructions, terms of imported files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any

import peewee as pw

from models.office.identity import code_objection
from models.office.people import Dated, Division, Master, User
from models.office.settings import LAW_CLASSES, OPTIONS, Setting, values
from models.office.wording import PREFIX
from models.store.base import Model, insert_rows
from models.store.rowhash import record_hashes_before_change
from sop.access import SECRECY, URGENCY

KEY = f"{PREFIX}lembar_disposisi.instructions"


def offered_instructions(settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The instructions that can be selected now."""
    return tuple(str((settings or values())[KEY]).splitlines())


def all_instructions() -> frozenset[str]:
    """Every instruction that was ever offered: existing cases keep theirs."""
    lists = [OPTIONS[KEY].default, *(row.value for row in Setting.select().where(Setting.key == KEY))]
    return frozenset(word for text in lists for word in str(text).splitlines())


GROUPS = (("langsung", "Langsung"), ("online", "Media daring"), ("lainnya", "Lainnya"))


ACCOUNT = "akun"  # in a medium's reference label: such references are names of people


class Medium(Master):
    """A channel of complaints, in the SOP's groups."""

    proof = "Media pengaduan"

    code = pw.CharField(verbose_name="Kode", max_length=30, unique=True)
    name = pw.CharField(verbose_name="Media", max_length=80)
    group = pw.CharField(verbose_name="Kelompok", max_length=20, choices=GROUPS)
    reference_label = pw.CharField(verbose_name="Nama rujukan", max_length=80, default="Nomor rujukan")
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self) -> str:
        return str(self.name)


class Category(Master):
    """A category of complaints with its defaults: title, class, secrecy, unit, instruction, emergency unit."""

    proof = "Kategori"

    code = pw.CharField(verbose_name="Kode", max_length=40, unique=True)
    name = pw.CharField(verbose_name="Kategori", max_length=120)
    parent = pw.ForeignKeyField("self", verbose_name="Kelompok kategori", null=True, on_delete="RESTRICT")
    title = pw.CharField(verbose_name="Judul baku", max_length=160, default="")
    law_class = pw.CharField(verbose_name="Klasifikasi pengaduan", max_length=20, choices=tuple(LAW_CLASSES.items()))
    secrecy = pw.CharField(verbose_name="Kerahasiaan", max_length=10, choices=tuple(SECRECY.items()), default="biasa")
    urgency = pw.CharField(verbose_name="Sifat", max_length=20, choices=tuple(URGENCY.items()), default="biasa")
    unit = pw.ForeignKeyField(Division, verbose_name="Unit kerja yang diusulkan", null=True, on_delete="RESTRICT")
    emergency_unit = pw.ForeignKeyField(
        Division, verbose_name="Unit darurat", null=True, on_delete="RESTRICT", backref="emergencies"
    )
    instruction = pw.CharField(verbose_name="Instruksi baku", max_length=200, default="")
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self) -> str:
        return str(self.name)


class StandingTeam(Dated):
    """A member of the standing team, who may read the rahasia complaints of a category."""

    proof, all_proven = "Tim tetap", True

    category = pw.ForeignKeyField(Category, verbose_name="Kategori", on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, verbose_name="Anggota tim tetap", on_delete="RESTRICT")


class Kelurahan(Master):
    """A kelurahan with its kecamatan; an inactive one cannot be selected, but stays with existing cases."""

    proof = "Kelurahan"

    code = pw.CharField(verbose_name="Kode", max_length=20, unique=True, default="")
    kecamatan = pw.CharField(verbose_name="Kecamatan", max_length=60)
    name = pw.CharField(verbose_name="Kelurahan", max_length=60)
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    class Meta:
        indexes = ((("kecamatan", "name"), True),)

    def __str__(self) -> str:
        return f"{self.name}, {self.kecamatan}"


class Reason(Master):
    """An entry of the office's list of reasons for a detour."""

    proof = "Alasan"

    transition = pw.CharField(verbose_name="Langkah", max_length=40)
    text = pw.CharField(verbose_name="Alasan", max_length=160)
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self) -> str:
        return str(self.text)


class FileTerm(Model):
    """A term of other systems, for counting imported cases; `key` is its normalised spelling."""

    abstract = True

    key = pw.CharField(max_length=200, unique=True)
    name = pw.CharField(verbose_name="Nama", max_length=200)

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def ids_of(cls, names: Iterable[str]) -> dict[str, int]:
        """The id of each term by its key; missing ones are added in their first spelling."""
        spelled: dict[str, str] = {}
        for name in names:
            if key := term_key(name):
                spelled.setdefault(key, " ".join(name.split())[:200].rstrip())
        named = cls.select(cls.key, cls.id).where(cls.key.in_(list(spelled)))
        known = dict(named.tuples())
        if new := [{"key": key, "name": name} for key, name in spelled.items() if key not in known]:
            insert_rows(cls, new)
            known = dict(named.clone().tuples())
        return known


class Institution(FileTerm):
    """The institution that handles a complaint, according to the imported file."""

    proof = "Instansi menurut berkas"


class Topic(FileTerm):
    """The topic of a complaint, according to the imported file."""

    proof = "Topik menurut berkas"


def term_key(name: str) -> str:
    """The normalised spelling of a term."""
    return " ".join(name.casefold().split())[:200].rstrip()


MOST = 2_000  # rows; no kabupaten has half as many
MOST_LISTED = 20  # new names in one entry of the history
LONGEST, LONGEST_CODE = 60, 20  # characters, as the columns
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
AGAIN = " Berlaku lagi."
BEFORE, CODE_STAYS = "Sebelumnya {}.", "Kodenya pada daftar tetap {}."


@dataclass(frozen=True)
class AreaRow:
    """One kelurahan of an imported file; `line` is its row number."""

    line: int
    name: str
    kecamatan: str
    code: str = ""

    @property
    def place(self) -> str:
        return place_key(self.name, self.kecamatan)


@dataclass(frozen=True)
class JudgedArea:
    """The effect of a row on the list, a note about it, and the entry that it matches."""

    row: AreaRow
    verdict: str
    why: str = ""
    known: Kelurahan | None = None

    @property
    def label(self) -> str:
        return VERDICTS[self.verdict]


def place_key(name: str, kecamatan: str) -> str:
    """The normalised spelling of a kelurahan with its kecamatan."""
    return "\n".join(" ".join(words.split()).casefold() for words in (kecamatan, name))


def taken_by(name: str, kecamatan: str) -> Kelurahan | None:
    """The kelurahan in the list with this name, if any."""
    key = place_key(name, kecamatan)
    return next((row for row in Kelurahan.select() if place_key(row.name, row.kecamatan) == key), None)


def area_code_fault(code: str) -> str:
    """The sentence why this code is invalid, "" if it is valid or empty; the panel then generates one."""
    return CODE_TOO_LONG if len(code) > LONGEST_CODE else code_objection(code)


def free_codes(taken: Iterable[str] = ()) -> Iterator[str]:
    """Generated codes for kelurahan without one."""
    known = {*taken, *(str(code) for (code,) in Kelurahan.select(Kelurahan.code).tuples())}
    return (code for number in count(len(known) + 1) if (code := f"K{number:04}") not in known)


def judged_rows(rows: Sequence[AreaRow]) -> list[JudgedArea]:
    """The effect of each row on the current list; matched by its code if known, else by its name."""
    listed = list(Kelurahan.select())
    by_code, by_place = {k.code: k for k in listed}, {place_key(k.name, k.kecamatan): k for k in listed}
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
        again = "" if known.active else AGAIN
        return JudgedArea(row, RENAMED, f"{BEFORE.format(known)}{again}", known)

    return [judged(row) for row in rows]


def _fault(row: AreaRow) -> str:
    if not row.name:
        return NO_NAME
    if not row.kecamatan:
        return NO_KECAMATAN
    return TOO_LONG if max(len(row.name), len(row.kecamatan)) > LONGEST else ""


def counted(judged: Iterable[JudgedArea]) -> dict[str, int]:
    """How many rows have each verdict."""
    numbers = Counter(area.verdict for area in judged)
    return {verdict: numbers[verdict] for verdict in VERDICTS}


def preview_digest(judged: Iterable[JudgedArea]) -> str:
    """A digest of the displayed preview: each verdict, and the id and version of the matching entry."""
    preview = ((area.verdict, (area.known.id, area.known.version) if area.known else ()) for area in judged)
    return sha256(repr([*preview]).encode()).hexdigest()


def renamings(judged: Iterable[JudgedArea]) -> str:
    """The renamed entries as a text, "" for none; at most MOST_LISTED."""
    renamed = [
        f"{area.known} menjadi {area.row.name}, {area.row.kecamatan}" for area in judged if area.verdict == RENAMED
    ]
    more = f"; dan {len(renamed) - MOST_LISTED} lagi" if len(renamed) > MOST_LISTED else ""
    return "; ".join(renamed[:MOST_LISTED]) + more


def apply_judged_rows(judged: Sequence[JudgedArea]) -> list[Kelurahan]:
    """Apply the rows to the list; returns the added and changed entries. Call inside the transaction that writes the
    history; no row may be REFUSED."""
    changed = {a.known.id: a.row for a in judged if a.known and a.verdict in (RENAMED, REVIVED)}
    record_hashes_before_change(Kelurahan, changed)
    for number in changed:  # temporary names first: two may swap theirs
        Kelurahan.update(name=f"~{number}", kecamatan="~").where(Kelurahan.id == number).execute()
    for number, row in changed.items():
        names = {"name": row.name, "kecamatan": row.kecamatan, "active": True}
        Kelurahan.update(**names, version=Kelurahan.version + 1).where(Kelurahan.id == number).execute()
    last = Kelurahan.select(pw.fn.COALESCE(pw.fn.MAX(Kelurahan.id), 0)).scalar()
    added = [area.row for area in judged if area.verdict == ADDED]
    codes, new = free_codes(row.code for row in added), {"active": True, "version": 1}
    named = ({"name": row.name, "kecamatan": row.kecamatan, "code": row.code or next(codes)} for row in added)
    insert_rows(Kelurahan, [{**new, **names} for names in named])
    affected = (Kelurahan.id > last) | Kelurahan.id.in_(list(changed))
    return list(Kelurahan.select().where(affected).order_by(Kelurahan.id))
