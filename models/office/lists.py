"""The lists that a complaint is described with: media, categories and their teams, kelurahan, reasons, and what files
from elsewhere call an institution or a topic."""

from collections.abc import Iterable

import peewee as pw

from models.office.people import Dated, Division, Master, User
from models.office.settings import LAW_CLASSES
from models.store.base import Model, insert_rows
from sop.access import SECRECY, URGENCY

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
