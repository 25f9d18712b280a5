"""Acting officials by decree: what must hold before one is registered or changed, in sentences; and the scan."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from models.office.people import Acting, DecreeScan, Division, Post, User, accounts_of, post_name, today
from models.store import files, seal, witness
from models.store.base import Columns, now
from models.store.uploads import Piece
from sop.procedure import LANES
from sop.words import format_date

ONLY_END = "valid_to"  # the one column of a decree in force that may still change
FAR = date(9999, 12, 31)
BESIDE_DEPUTY = {  # why a holder decides himself while somebody stands in for him
    "back": "Sudah kembali bertugas sebelum surat perintahnya berakhir",
    "absent": "Pelaksana harian berhalangan atau tidak dapat dihubungi",
    "own": "Pelaksana harian ikut menyusun, atau unit kerjanya yang menangani",
    "reserved": "Keputusan ini tidak dilimpahkan kepada pelaksana harian",
    "left": "Pelaksana harian menyerahkan keputusan ini kepada pejabatnya",
}


def has_begun(acting: Acting, day: date | None = None) -> bool:
    """Whether the rights have begun: from then on the entry is history."""
    return bool(acting.valid_from <= (day or today()))


def has_ended(acting: Acting, day: date | None = None) -> bool:
    return acting.valid_to is not None and acting.valid_to < (day or today())


def objection(acting: Acting, *, by: User) -> str:
    """The sentence why this acting official cannot be registered, or changed, like this; "" if he can."""
    stored = Acting.get_or_none(Acting.id == acting.id) if acting.id else None
    if stored and has_begun(stored):
        return _rewritten(stored, acting)
    return next((sentence for rule in _RULES if (sentence := rule(acting, by))), "")


def _rewritten(stored: Acting, acting: Acting) -> str:
    changed = {name for name, value in acting.__data__.items() if stored.__data__[name] != value} - {"version"}
    if not changed:
        return ""
    if has_ended(stored):
        return f"{stored} sudah berakhir pada {format_date(stored.valid_to)}; catatannya tidak berubah lagi."
    if changed != {ONLY_END}:
        return f"{stored} sudah mulai berlaku; yang masih dapat diubah hanya tanggal berakhirnya."
    return _brought_forward(stored, acting.valid_to)


def _brought_forward(stored: Acting, end: date | None) -> str:
    if end is None or end > (stored.valid_to or FAR):
        return f"{stored} tidak dapat diperpanjang di sini; daftarkan surat perintah yang baru."
    if end < today():
        return f"Paling cepat berakhir hari ini: hari ini {stored.user} masih bertugas menurut surat perintahnya."
    return ""


def _person(acting: Acting, by: User) -> str:
    if acting.user_id == by.id:
        return "Anda tidak dapat mendaftarkan diri Anda sendiri sebagai pejabat pelaksana."
    if not acting.user.active or acting.user.role not in LANES:
        return f"{acting.user} tidak memiliki akun aktif petugas, bidang, atau Kepala Dinas, jadi tidak dapat bertugas."
    return ""


def _span(acting: Acting, by: User) -> str:
    if acting.valid_to and acting.valid_to < acting.valid_from:
        return "Tanggal berakhir tidak boleh sebelum tanggal mulai berlaku."
    if acting.decree_date > acting.valid_from:
        return (
            f"Surat perintah tertanggal {format_date(acting.decree_date)} belum ada pada hari mulai berlakunya, "
            f"{format_date(acting.valid_from)}."
        )
    return ""


def _holder(acting: Acting, by: User) -> str:
    accounts = [account.id for account in accounts_of(acting.user)]
    own = Post.select().where(_meets(Post, acting) & Post.holder.in_(accounts)).exists()
    return f"{acting.user} sendiri memegang jabatan {post_name(acting.division)} pada tanggal itu." if own else ""


def _other(acting: Acting, by: User) -> str:
    found = Acting.select().where(_meets(Acting, acting) & (Acting.id != (acting.id or 0)))
    other = found.order_by(Acting.valid_from).first()
    if other is None:
        return ""
    return f"Tanggalnya bertumpuk dengan {other}, {other.span} ({other.decree}). Satu jabatan satu pejabat pelaksana."


_RULES: tuple[Callable[[Acting, User], str], ...] = (_person, _span, _holder, _other)


def _meets(model: Any, acting: Acting) -> Any:
    """Condition: of the same post, on at least one of the same days."""
    same = model.division.is_null() if acting.division_id is None else model.division == acting.division_id
    begins = model.valid_from <= (acting.valid_to or FAR)
    return same & begins & (model.valid_to.is_null() | (model.valid_to >= acting.valid_from))


def in_force(day: date) -> list[Acting]:
    """The acting officials of a day: of the office first, then of the units."""
    return _actings_where(Acting.on(day))


def ahead(day: date) -> list[Acting]:
    """Those who are registered and have not begun."""
    return _actings_where(Acting.valid_from > day)


def registered_actings(day: date) -> list[Acting]:
    """Those in force and then those ahead, by one statement."""
    rows = _actings_where(Acting.valid_to.is_null() | (Acting.valid_to >= day))
    return sorted(rows, key=lambda row: row.valid_from > day)


def _actings_where(condition: Any) -> list[Acting]:
    query = Acting.select(Acting, User, Division).join(User).switch(Acting).join(Division, pw.JOIN.LEFT_OUTER)
    return list(query.where(condition).order_by(Acting.division.is_null(False), Acting.valid_from, Acting.id))


def holder(division: int | None, day: date) -> User | None:
    """Who holds the post that heads a unit, or the office (None), on a day."""
    here = Post.division.is_null() if division is None else Post.division == division
    post = Post.select(Post, User).join(User).where(here & Post.on(day)).order_by(Post.valid_from.desc()).first()
    return post.holder if post else None


def candidates(people: Iterable[User], division: int | None, day: date) -> list[User]:
    """Those of the people who may stand in for the holder of a post: not he himself, under whatever account."""
    held_by = holder(division, day)
    own = {account.id for account in accounts_of(held_by)} if held_by else set()
    return [person for person in people if person.id not in own]


def beside_objection(deputy: Acting | None, reason: str, number: str = "") -> str:
    """The sentence why a case, or a whole sheet where no number is named, is not decided on by the holder of a post
    beside his deputy; "" with a picked reason."""
    if deputy is None or reason in BESIDE_DEPUTY:
        return ""
    of_case = f"Pengaduan {number}: " if number else ""
    return (
        f"{of_case}{deputy.user} sedang bertugas sebagai {deputy.post}, {deputy.span}. "
        "Pilih alasan Anda memutus sendiri; surat perintahnya tetap berlaku."
    )


def beside_part(deputy: Acting | None, reason: str) -> dict[str, dict[str, str]]:
    """What the history keeps of it: who stood in, by which decree, and why the holder decided himself."""
    if deputy is None:
        return {}
    told = {"post": deputy.post, "name": str(deputy.user), "decree": deputy.decree}
    return {"deputy": {**told, "reason": BESIDE_DEPUTY[reason]}}


def is_headless(day: date) -> Any:
    """Condition: a unit in force that nobody who can sign in heads or acts for on a day."""
    led = [(Post, Post.holder), (Acting, Acting.user)]
    filled = (
        model.select(pw.SQL("1"))
        .join(User, on=(person == User.id))
        .where((model.division == Division.id) & model.on(day) & User.active)
        for model, person in led
    )
    return Division.on(day) & reduce(and_, (~pw.fn.EXISTS(one) for one in filled))


# The scan


def keep(piece: Piece, *, by: User) -> Columns:
    """Seal and store a scan that has been made harmless; the row to be written with its decree (see `attach`)."""
    path = files.keep(piece.data, seal.ring().panel, _label(piece.sha256))
    told = {"name": piece.name, "kind": piece.kind, "size": piece.size, "sha256": piece.sha256}
    return {**told, "path": path, "added_by": by.id}


def attach(acting: Acting, kept: Columns) -> DecreeScan:
    """Write the row of a kept scan; call in the transaction that writes the decree."""
    scan: DecreeScan = DecreeScan.create(acting=acting, added_at=now(), **kept)
    witness.added(DecreeScan, scan.id)
    return scan


def scans_of(ids: Iterable[int]) -> dict[int, DecreeScan]:
    """The scans that count, by decree: of each the latest."""
    found = DecreeScan.select().where(DecreeScan.acting.in_(list(ids))).order_by(DecreeScan.id)
    return {scan.acting_id: scan for scan in found}


def scan_bytes(scan: DecreeScan) -> bytes:
    """The scan as it came in; BrokenSeal if it changed, FileNotFoundError if it is gone."""
    return files.fetch(scan.path, seal.ring().panel, _label(scan.sha256))


def _label(digest: str) -> str:
    return f"decree/{digest}"
