"""Users of the office: units, users, heads and deputies with their dates; ranks; several accounts of one person."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import peewee as pw

from models.store import master_cache, seal
from models.store.base import Model, Moment, now
from models.store.master_cache import copied
from sop.access import ADMIN, CONTENT, ROLES
from sop.clock import WIB
from sop.procedure import BIDANG
from sop.words import format_span

_BELOW = ("Juru", "Pengatur", "Penata")  # each with the four _STEPS: Juru Muda, Juru Muda Tingkat I, Juru, …
_STEPS = ("{} Muda", "{} Muda Tingkat I", "{}", "{} Tingkat I")
_ABOVE = ("Pembina", "Pembina Tingkat I", "Pembina Utama Muda", "Pembina Utama Madya", "Pembina Utama")
_TK = re.compile(r"\bt(?:k|ingkat)\.? ?(?:i|1)\b", re.IGNORECASE)

GROUPS: dict[str, str] = {
    **{
        step.format(rank).casefold(): f"{number}/{letter}"
        for rank, number in zip(_BELOW, ("I", "II", "III"), strict=True)
        for step, letter in zip(_STEPS, "abcd", strict=True)
    },
    **{rank.casefold(): f"IV/{letter}" for rank, letter in zip(_ABOVE, "abcde", strict=True)},
}


def with_group(pangkat: str) -> str:
    """Pembina becomes "Pembina (IV/a)"; anything but the name of a civil service rank stays as typed."""
    group = GROUPS.get(" ".join(_TK.sub("Tingkat I", pangkat).split()).casefold())
    return f"{pangkat.strip()} ({group})" if group else pangkat


KINDS = (("bidang", "Bidang"), ("upt", "UPT"), ("sekretariat", "Sekretariat"))
PLT, PLH = "Plt.", "Plh."  # acting head of a vacant post; deputy of an absent holder


class Master(Model):
    """Master data: each edit increments the version, so that an outdated form cannot overwrite it."""

    abstract = True
    cached = True
    all_proven = False  # initial data has no history entry; subclasses about access require one
    version = pw.IntegerField(verbose_name="Versi", default=1, constraints=[pw.SQL("DEFAULT 1")])


class Dated(Master):
    """Master data valid from one day to another; an empty end means until further notice."""

    abstract = True
    valid_from = pw.DateField(verbose_name="Berlaku sejak", default=date(2020, 1, 1))
    valid_to = pw.DateField(verbose_name="Berlaku sampai", null=True, help_text="Kosongkan bila masih berlaku.")

    @classmethod
    def on(cls, day: date) -> pw.Expression:
        """Condition: in force on that day."""
        return (cls.valid_from <= day) & (cls.valid_to.is_null() | (cls.valid_to >= day))

    def holds_on(self, day: date) -> bool:
        """`on` for this row."""
        return bool(self.valid_from <= day and (self.valid_to is None or self.valid_to >= day))


class Division(Dated):
    """A unit of the office (Unit Kerja); one with its own address, as a UPT, has its own letterhead."""

    proof = "Unit kerja"

    code = pw.CharField(verbose_name="Kode", max_length=20, unique=True)
    name = pw.CharField(verbose_name="Nama unit kerja", max_length=160)
    kind = pw.CharField(verbose_name="Jenis", max_length=20, choices=KINDS, default="bidang")
    paper_code = pw.CharField(verbose_name="Kode pada nomor surat", max_length=20, default="")
    address = pw.CharField(verbose_name="Alamat pada kop sendiri", max_length=200, null=True)
    phone = pw.CharField(verbose_name="Telepon pada kop sendiri", max_length=60, null=True)
    web = pw.CharField(verbose_name="Laman dan surel pada kop sendiri", max_length=160, null=True)
    postcode = pw.CharField(verbose_name="Kode pos pada kop sendiri", max_length=10, null=True)

    def __str__(self) -> str:
        return str(self.name)


class User(Master):
    """A user account."""

    not_digested = ("password_hash", "password_mark")
    proof, all_proven = "Pengguna", True
    unproven = ("password_hash",)

    username = pw.CharField(verbose_name="Nama pengguna", max_length=60, unique=True)
    name = pw.CharField(verbose_name="Nama lengkap", max_length=120)
    nip = pw.CharField(verbose_name="NIP", max_length=30, default="", help_text="18 angka; boleh dikosongkan.")
    pangkat = pw.CharField(verbose_name="Pangkat", max_length=60, default="")
    email = pw.CharField(
        verbose_name="Surel",
        max_length=254,
        null=True,
        help_text="Untuk tautan kata sandi dan kabar yang dipilihnya sendiri.",
    )
    role = pw.CharField(verbose_name="Peran", max_length=20, choices=tuple(ROLES.items()))
    division = pw.ForeignKeyField(Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT")
    secret_registrar = pw.BooleanField(verbose_name="Petugas pengaduan rahasia", default=False)
    active = pw.BooleanField(verbose_name="Aktif", default=True)
    password_hash = pw.CharField(verbose_name="Kata sandi", max_length=200, default="")
    password_mark = pw.CharField(max_length=40, default="", constraints=[pw.SQL("DEFAULT ''")])  # see password_mark()
    created_at = Moment(verbose_name="Dibuat pada", default=now)

    is_authenticated, is_anonymous = True, False  # attributes that Flask-Login requires

    def __str__(self) -> str:
        return str(self.name)

    @property
    def is_active(self) -> bool:
        return bool(self.active)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Set `password_mark` whenever the password changes."""
        if any(field.name == "password_hash" for field in self.dirty_fields):
            self.password_mark = password_mark(self.username, self.password_hash)
        return super().save(*args, **kwargs)

    def has_own_password(self) -> bool:
        """Whether the stored password was set by the panel; any other is not accepted."""
        return is_own_password(self.username, self.password_hash, self.password_mark)

    def stamp(self) -> str:
        """The stamp in a session: a change of password, role or `active` invalidates it."""
        state = f"{self.password_hash}\n{self.role}\n{bool(self.active)}"
        return hashlib.sha256(state.encode()).hexdigest()[:24]


def password_mark(username: str, hashed: str) -> str:
    """A keyed hash that proves that the panel set the password: it cannot be made with the database alone."""
    text = f"{username}\n{hashed}".encode(errors="replace").decode()
    return seal.ring().mark("password", text).hex()


def is_own_password(username: str, hashed: str, mark: str) -> bool:
    """Whether the mark matches the password; an account without a password needs none."""
    return mark == password_mark(username, hashed) or (hashed, mark) == ("", "")


BY_NAME = pw.fn.LOWER(User.name)  # case-insensitive: "dr. Nirmala" before "Wening"


class Post(Dated):
    """The head of a unit, or without a unit of the office (Kepala Dinas)."""

    proof, all_proven = "Pejabat", True

    division = pw.ForeignKeyField(
        Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT", help_text="Kosongkan untuk Kepala Dinas."
    )
    title = pw.CharField(verbose_name="Nama jabatan", max_length=200)
    holder = pw.ForeignKeyField(User, verbose_name="Pejabat", on_delete="RESTRICT", backref="posts")

    def __str__(self) -> str:
        return str(self.title)


class Acting(Dated):
    """An acting official by decree: Plt. (vacant post) or Plh. (absent holder). See decree.py."""

    proof, all_proven = "Plt. dan Plh.", True

    kind = pw.CharField(verbose_name="Jenis", max_length=10, choices=((PLT, PLT), (PLH, PLH)))
    division = pw.ForeignKeyField(
        Division, verbose_name="Unit kerja", null=True, on_delete="RESTRICT", help_text="Kosongkan untuk Kepala Dinas."
    )
    user = pw.ForeignKeyField(User, verbose_name="Pejabat pelaksana", on_delete="RESTRICT", backref="acting")
    decree = pw.CharField(verbose_name="Nomor surat perintah", max_length=80)
    decree_date = pw.DateField(verbose_name="Tanggal surat perintah")

    def __str__(self) -> str:
        return f"{self.post}: {self.user}"

    @property
    def post(self) -> str:
        return f"{self.kind} {post_name(self.division)}"

    @property
    def span(self) -> str:
        return format_span(self.valid_from, self.valid_to)


class DecreeScan(Model):
    """The scan of a decree, sealed under the panel's key; the latest one counts."""

    append_only = True
    not_digested = ("path",)
    proof, all_proven = "Pindaian surat perintah", False

    acting = pw.ForeignKeyField(Acting, on_delete="RESTRICT", backref="scans")
    name = pw.CharField(verbose_name="Nama berkas", max_length=160)
    kind = pw.CharField(verbose_name="Jenis", max_length=40)
    size = pw.IntegerField(verbose_name="Ukuran (bita)")
    sha256 = pw.CharField(max_length=64)
    path = pw.CharField(max_length=200)
    added_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    added_at = Moment(verbose_name="Ditambahkan pada")


class Mandate(Dated):
    """A Surat Tugas, which lets a pengawas read."""

    proof, all_proven = "Surat Tugas", True

    user = pw.ForeignKeyField(User, verbose_name="Pengawas", on_delete="RESTRICT", backref="mandates")
    number = pw.CharField(verbose_name="Nomor Surat Tugas", max_length=80)


def users_with_units(wanted: Iterable[int | None] = ()) -> Mapping[int, User]:
    """All users by id, each with his unit; shared by all threads, see `cached_rows`."""
    joined = User.select(User, Division).join(Division, pw.JOIN.LEFT_OUTER).order_by(User.id)
    return master_cache.cached_rows("users", lambda: {user.id: user for user in joined}, wanted)


def place_of(user: User) -> str:
    """The user's unit if the role belongs to one, else the role's name."""
    return str(user.division) if user.role == BIDANG and user.division_id else ROLES[user.role]


def today() -> date:
    return now().astimezone(WIB).date()


def units_headed_by(user: User, day: date) -> frozenset[int | None]:
    """Ids of the units that the user heads or acts for on a day; None is the office itself."""
    return post_book().units_headed_by(user.id, day)


def decrees() -> list[Acting]:
    """All acting officials ever registered, with user and unit, by their first day; copies of the cached rows."""
    return [copied(row) for row in post_book().decrees]


def decrees_on(day: date) -> tuple[Acting, ...]:
    """All acting officials on a day."""
    return tuple([copied(row) for row in post_book().decrees if row.holds_on(day)])


def post_name(division: Division | None) -> str:
    """The short name of the post of head of a unit, or without one of the office."""
    return f"Kepala {division}" if division else "Kepala Dinas"


class Officer(TypedDict):
    """A signer as printed on papers; frozen with them."""

    name: str
    nip: str
    pangkat: str
    title: str


@dataclass(frozen=True)
class Signatory:
    """A user who may sign, as titled on a day."""

    user: int
    printed: Officer

    @property
    def name(self) -> str:
        return self.printed["name"]

    @property
    def title(self) -> str:
        return self.printed["title"]


Posts = dict[int | None, tuple[Signatory, ...]]


class PostBook:
    """All posts and acting officials, loaded by two statements: who may sign for what on any day. Read it by
    `post_book`, which shares one among all threads."""

    def __init__(self) -> None:
        self._posts = list(Post.select(Post, User).join(User).order_by(Post.valid_from, Post.id))
        rows = Acting.select(Acting, User, Division).join(User).switch(Acting).join(Division, pw.JOIN.LEFT_OUTER)
        self.decrees = list(rows.order_by(Acting.valid_from, Acting.id))
        self._by_day: dict[date, Posts] = {}

    def units_headed_by(self, user: int, day: date) -> frozenset[int | None]:
        """See the function."""
        own = [post.division_id for post in self._posts if post.holder_id == user and post.holds_on(day)]
        acting = [row.division_id for row in self.decrees if row.user_id == user and row.holds_on(day)]
        return frozenset([*own, *acting])

    def titles_on(self, day: date) -> dict[int | None, str]:
        """The title of each unit's post (None: the office's); a vacant post retains its title, which a Plt. uses."""
        return {post.division_id: post.title for post in self._posts if post.valid_from <= day}

    def on(self, day: date) -> Posts:
        """Who may sign for each unit (None: the office) on a day: acting officials before the holder."""
        if day not in self._by_day:
            self._by_day[day] = self._posts_on(day)
        return self._by_day[day]

    def _posts_on(self, day: date) -> Posts:
        by_unit = {post.division_id: [signatory(post.holder, post.title)] for post in self._posts if post.holds_on(day)}
        titles = self.titles_on(day)
        for row in (row for row in self.decrees if row.holds_on(day)):
            title = titles.get(row.division_id) or post_name(row.division).upper()
            by_unit.setdefault(row.division_id, []).insert(0, signatory(row.user, f"{row.kind} {title}"))
        return {unit: tuple(signers) for unit, signers in by_unit.items()}


def post_book() -> PostBook:
    """The posts and acting officials as stored now."""
    return master_cache.cached("post_book", PostBook)


def posts_by_unit(day: date) -> Posts:
    """Who may sign for each unit (None: the office) on one day."""
    return post_book().on(day)


def heads_by_unit(day: date) -> dict[int | None, Signatory]:
    """Who signs for each unit (None: the office) on a day: an acting official before the holder."""
    return {unit: signers[0] for unit, signers in posts_by_unit(day).items()}


def signatory(user: User, title: str) -> Signatory:
    """The user with name, pangkat and golongan, NIP and title as printed under a paper."""
    return Signatory(user.id, {"title": title, "name": user.name, "pangkat": with_group(user.pangkat), "nip": user.nip})


def title_of(user: User, posts: Posts, units: Iterable[int | None] | None = None) -> str:
    """The user's title: that of a post of one of these units (None: the office), else the role's. Without units
    any post of the user, that of the office first."""
    signers = (s for unit in (sorted(posts, key=bool) if units is None else units) for s in posts.get(unit, ()))
    # For a member of a unit "Staf" and the unit, as the role's name is a lane of the SOP.
    place = place_of(user)
    role = place if place == ROLES[user.role] else f"Staf {place}"
    return next((s.title for s in signers if s.user == user.id), role)


NIP_DIGITS = 18
WANTED = f"NIP terdiri atas {NIP_DIGITS} angka; kosongkan bila tidak ada."
TWICE = f"NIP ini sudah dipakai; {ROLES[ADMIN]} tidak sekaligus memegang peran yang membaca pengaduan."
RIVAL = (
    "NIP ini sudah dipakai akun {} ({}) yang masih aktif; satu orang memegang satu akun yang membuka pengaduan. "
    "Nonaktifkan dahulu akun itu."
)


def digits_of(nip: str | None) -> str:
    """A NIP without spaces, for comparison."""
    return (nip or "").replace(" ", "")


def accounts_of(user: User) -> list[User]:
    """All accounts of the person by NIP, this one first, including inactive ones; without a NIP only this one."""
    digits = digits_of(user.nip)
    if not digits:
        return [user]
    others = User.select().where(_has_nip(digits) & (User.id != user.id)).order_by(User.id)
    return [user, *map(copied, master_cache.cached(("accounts", digits, user.id), lambda: list(others)))]


def nip_objection(nip: str | None, role: str, *, active: bool = True, but: int = 0) -> str:
    """The sentence why an account may not have this NIP in this role, "" if it may; account `but` is not counted."""
    digits = digits_of(nip)
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit() and len(digits) == NIP_DIGITS):
        return WANTED
    others = User.select().where(_has_nip(digits) & (User.id != but)).order_by(User.id)
    if others.where((User.role == ADMIN) != (role == ADMIN)).exists():
        return TWICE
    rival = others.where(User.active & User.role.in_(sorted(CONTENT))).first() if active and role in CONTENT else None
    return RIVAL.format(rival.username, rival.name) if rival else ""


def people_with_several_accounts() -> list[tuple[User, ...]]:
    """Persons with several active accounts that can read cases, each as these accounts."""
    people: dict[str, list[User]] = {}
    for user in users_with_units().values():
        if user.active and user.role in CONTENT:
            people.setdefault(digits_of(user.nip), []).append(user)
    return [tuple(accounts) for digits, accounts in people.items() if digits and len(accounts) > 1]


def several_accounts_sentence(accounts: Iterable[User]) -> str:
    """The notice about a person with several accounts."""
    *names, last = (account.username for account in accounts)
    return f"Satu NIP dipakai akun {', '.join(names)} dan {last}; nonaktifkan yang tidak dipakai"


def _has_nip(digits: str) -> pw.Expression:
    return pw.fn.REPLACE(User.nip, " ", "") == digits
