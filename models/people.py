"""The people of the office: units, users, who heads what, and who acts for whom, all with their dates."""

import hashlib
from datetime import date

import peewee as pw

from models.base import Model, Moment, now
from sop.access import ROLES
from sop.clock import WIB

KINDS = (("bidang", "Bidang"), ("upt", "UPT"), ("sekretariat", "Sekretariat"))


class Dated(Model):
    """Something that holds from one day to another; an empty end means until further notice."""

    abstract = True
    valid_from = pw.DateField(verbose_name="Berlaku sejak", default=date(2020, 1, 1))
    valid_to = pw.DateField(verbose_name="Berlaku sampai", null=True, help_text="Kosongkan bila masih berlaku.")

    @classmethod
    def on(cls, day: date) -> pw.Expression:
        """Condition: in force on that day."""
        return (cls.valid_from <= day) & (cls.valid_to.is_null() | (cls.valid_to >= day))


class Division(Dated):
    """A unit of the office (Unit Kerja)."""

    code = pw.CharField(verbose_name="Kode", max_length=20, unique=True)
    name = pw.CharField(verbose_name="Nama unit kerja", max_length=160)
    kind = pw.CharField(verbose_name="Jenis", max_length=20, choices=KINDS, default="bidang")
    paper_code = pw.CharField(verbose_name="Kode pada nomor surat", max_length=20, default="")

    def __str__(self) -> str:
        return self.name


class User(Model):
    """Someone who signs in."""

    not_digested = ("password_hash",)

    username = pw.CharField(verbose_name="Nama pengguna", max_length=60, unique=True)
    name = pw.CharField(verbose_name="Nama lengkap", max_length=120)
    nip = pw.CharField(verbose_name="NIP", max_length=30, default="", help_text="18 angka; boleh dikosongkan.")
    pangkat = pw.CharField(verbose_name="Pangkat", max_length=60, default="")
    role = pw.CharField(verbose_name="Peran", max_length=20, choices=tuple(ROLES.items()))
    division = pw.ForeignKeyField(Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT")
    secret_registrar = pw.BooleanField(verbose_name="Petugas pengaduan rahasia", default=False)
    active = pw.BooleanField(verbose_name="Aktif", default=True)
    password_hash = pw.CharField(verbose_name="Kata sandi", max_length=200, default="")
    created_at = Moment(verbose_name="Dibuat pada", default=now)
    version = pw.IntegerField(verbose_name="Versi", default=1)

    is_authenticated, is_anonymous = True, False  # what the sign-in asks of whoever it holds

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return bool(self.active)

    def session_id(self) -> str:
        """What a session holds: who, and a stamp that a new password, another role or being switched off makes void."""
        kept = f"{self.password_hash}\n{self.role}\n{bool(self.active)}"
        return f"{self.id}.{hashlib.sha256(kept.encode()).hexdigest()[:24]}"


class Post(Dated):
    """Who heads a unit, or without a unit the office (Kepala Dinas)."""

    division = pw.ForeignKeyField(Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT",
                                  help_text="Kosongkan untuk Kepala Dinas.")  # fmt: skip
    title = pw.CharField(verbose_name="Nama jabatan", max_length=200)
    holder = pw.ForeignKeyField(User, verbose_name="Pejabat", on_delete="RESTRICT", backref="posts")

    def __str__(self) -> str:
        return self.title


class Acting(Dated):
    """Who acts for the holder of a post, by decree: Plt. (vacant post) or Plh. (holder away)."""

    kind = pw.CharField(verbose_name="Jenis", max_length=10, choices=(("Plt.", "Plt."), ("Plh.", "Plh.")))
    division = pw.ForeignKeyField(Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT",
                                  help_text="Kosongkan untuk Kepala Dinas.")  # fmt: skip
    user = pw.ForeignKeyField(User, verbose_name="Pejabat pelaksana", on_delete="RESTRICT", backref="acting")
    decree = pw.CharField(verbose_name="Nomor surat perintah", max_length=80)
    decree_date = pw.DateField(verbose_name="Tanggal surat perintah")


class Mandate(Dated):
    """A Surat Tugas under which a pengawas reads."""

    user = pw.ForeignKeyField(User, verbose_name="Pengawas", on_delete="RESTRICT", backref="mandates")
    number = pw.CharField(verbose_name="Nomor Surat Tugas", max_length=80)


def today() -> date:
    return now().astimezone(WIB).date()


def headed(user: User, day: date) -> frozenset[int | None]:
    """Ids of the units that the user heads or acts for on a day; None stands for the office itself."""
    rows = [p.division_id for p in Post.select().where((Post.holder == user) & Post.on(day))]
    rows += [a.division_id for a in Acting.select().where((Acting.user == user) & Acting.on(day))]
    return frozenset(rows)


def heads_by_unit(day: date) -> dict[int | None, dict[str, object]]:
    """Who signs for each unit (None: the office) on a day, as titled: an acting official goes before the holder."""
    signers = {}
    for post in Post.select(Post, User).join(User).where(Post.on(day)).order_by(Post.valid_from):
        signers[post.division_id] = signature(post.holder, post.title)
    for acting in Acting.select(Acting, User).join(User).where(Acting.on(day)).order_by(Acting.valid_from):
        title = signers.get(acting.division_id, {}).get("title", "KEPALA DINAS")
        signers[acting.division_id] = signature(acting.user, f"{acting.kind} {title}")
    return signers


def signature(user: User, title: str) -> dict[str, object]:
    """Name, pangkat, NIP and title as printed under a paper, and whose they are."""
    return {"title": title, "name": user.name, "pangkat": user.pangkat, "nip": user.nip, "user": user.id}


def title_of(user: User, heads: dict[int | None, dict[str, object]]) -> str:
    """How a person is titled today: the post that he holds or acts for, else the role."""
    return next((str(s["title"]) for s in heads.values() if s["user"] == user.id), ROLES[user.role])
