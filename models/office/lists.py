"""The office's lists: media, categories, kelurahan (also from a file), reasons, instructions, terms of files."""

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
from models.store.rowhash import rewrites
from sop.access import SECRECY, URGENCY

KEY = f"{PREFIX}lembar_disposisi.instructions"


def offered_instructions(settings: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """The instructions that can be ticked now."""
    return tuple(str((settings or values())[KEY]).splitlines())


def all_instructions() -> frozenset[str]:
    """Every instruction that was offered at any time: what a case was given then it keeps."""
    lists = [OPTIONS[KEY].default, *(row.value for row in Setting.select().where(Setting.key == KEY))]
    return frozenset(word for text in lists for word in str(text).splitlines())


GROUPS = (("langsung", "Langsung"), ("online", "Media online"), ("lainnya", "Lainnya"))


class Medium(Master):
    """A medium through which complaints come, in the SOP's groups."""

    proof = "Media pengaduan"

    code = pw.CharField(verbose_name="Kode", max_length=30, unique=True)
    name = pw.CharField(verbose_name="Media", max_length=80)
    group = pw.CharField(verbose_name="Kelompok", max_length=20, choices=GROUPS)
    reference_label = pw.CharField(verbose_name="Nama rujukan", max_length=80, default="Nomor rujukan")
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self) -> str:
        return str(self.name)


class Category(Master):
    """A kind of complaint with its defaults: title, class, secrecy, unit, instructions, who helps at once."""

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
    """Who may read the rahasia complaints of a category without being named each time."""

    proof, all_proven = "Tim tetap", True

    category = pw.ForeignKeyField(Category, verbose_name="Kategori", on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, verbose_name="Anggota tim tetap", on_delete="RESTRICT")


class Kelurahan(Master):
    """A kelurahan with its kecamatan; one that has ended is chosen no more, and stays with the cases that have it."""

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
    """A word of other systems that imported cases are counted by; `key` is by what two spellings of it are the same."""

    abstract = True

    key = pw.CharField(max_length=200, unique=True)
    name = pw.CharField(verbose_name="Nama", max_length=200)

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def ids_of(cls, names: Iterable[str]) -> dict[str, int]:
        """The id of each term by its key; those that are not there yet are added as they are spelled first."""
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
    """An institution that a file says a complaint was given to, ours or another."""

    proof = "Instansi menurut berkas"


class Topic(FileTerm):
    """What a file says a complaint is about, in its own words."""

    proof = "Topik menurut berkas"


def term_key(name: str) -> str:
    """By what two spellings of a term are the same."""
    return " ".join(name.casefold().split())[:200].rstrip()


MOST = 2_000  # rows; no kabupaten has half as many
MOST_TOLD = 20  # new names in one entry of the history
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
AGAIN = " Berlaku lagi."
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
    numbers = Counter(one.verdict for one in judged)
    return {verdict: numbers[verdict] for verdict in VERDICTS}


def seen_of(judged: Iterable[JudgedArea]) -> str:
    """What whoever looks at them has seen: what each would do, and to which of the list as it stood."""
    stood = ((area.verdict, (area.known.id, area.known.version) if area.known else ()) for area in judged)
    return sha256(repr([*stood]).encode()).hexdigest()


def renamings(judged: Iterable[JudgedArea]) -> str:
    """Which are called otherwise from now on, "" for none; of very many only the first."""
    told = [f"{area.known} menjadi {area.row.name}, {area.row.kecamatan}" for area in judged if area.verdict == RENAMED]
    more = f"; dan {len(told) - MOST_TOLD} lagi" if len(told) > MOST_TOLD else ""
    return "; ".join(told[:MOST_TOLD]) + more


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
