"""Acting officials by decree: the rules for registering or changing one, and the scan of the decree."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from models.office.people import Acting, DecreeScan, Division, Post, User, accounts_of, decrees, post_name, today
from models.store import files, seal, tracked_rows
from models.store.base import Columns, now
from models.store.uploads import Piece
from sop.procedure import LANES
from sop.words import format_date

ONLY_END = "valid_to"  # the one column of a decree in force that may still change
FAR = date(9999, 12, 31)
REASONS_DESPITE_DEPUTY = {  # why the holder of a post decides himself while a deputy is in office
    "back": "Sudah kembali bertugas sebelum surat perintahnya berakhir",
    "absent": "Pelaksana harian berhalangan atau tidak dapat dihubungi",
    "own": "Pelaksana harian ikut menyusun, atau unit kerjanya yang menangani",
    "reserved": "Keputusan ini tidak dilimpahkan kepada pelaksana harian",
    "left": "Pelaksana harian menyerahkan keputusan ini kepada pejabatnya",
}


def has_begun(acting: Acting, day: date | None = None) -> bool:
    """Whether it is in force; from then on only its end may change."""
    return bool(acting.valid_from <= (day or today()))


def has_ended(acting: Acting, day: date | None = None) -> bool:
    return acting.valid_to is not None and acting.valid_to < (day or today())


def objection(acting: Acting, *, by: User) -> str:
    """The sentence why this acting official cannot be registered or changed like this; "" if allowed."""
    stored = Acting.get_or_none(Acting.id == acting.id) if acting.id else None
    if stored and has_begun(stored):
        return _change_objection(stored, acting)
    return next((sentence for rule in _RULES if (sentence := rule(acting, by))), "")


def _change_objection(stored: Acting, acting: Acting) -> str:
    """The sentence for one in force: only its end may change, and only to an earlier day."""
    changed = {name for name, value in acting.__data__.items() if stored.__data__[name] != value} - {"version"}
    if not changed:
        return ""
    if has_ended(stored):
        return f"{stored} sudah berakhir pada {format_date(stored.valid_to)}; catatannya tidak berubah lagi."
    if changed != {ONLY_END}:
        return f"{stored} sudah mulai berlaku; yang masih dapat diubah hanya tanggal berakhirnya."
    if acting.valid_to is None or acting.valid_to > (stored.valid_to or FAR):
        return f"{stored} tidak dapat diperpanjang di sini; daftarkan surat perintah yang baru."
    if acting.valid_to < today():
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
    own = Post.select().where(_overlaps(Post, acting) & Post.holder.in_(accounts)).exists()
    return f"{acting.user} sendiri memegang jabatan {post_name(acting.division)} pada tanggal itu." if own else ""


def _other(acting: Acting, by: User) -> str:
    overlapping = Acting.select().where(_overlaps(Acting, acting) & (Acting.id != (acting.id or 0)))
    other = overlapping.order_by(Acting.valid_from).first()
    if other is None:
        return ""
    return f"Tanggalnya bertumpuk dengan {other}, {other.span} ({other.decree}). Satu jabatan satu pejabat pelaksana."


_RULES: tuple[Callable[[Acting, User], str], ...] = (_person, _span, _holder, _other)


def _overlaps(model: Any, acting: Acting) -> Any:
    """Condition: the same post on at least one common day."""
    same = model.division.is_null() if acting.division_id is None else model.division == acting.division_id
    begins = model.valid_from <= (acting.valid_to or FAR)
    return same & begins & (model.valid_to.is_null() | (model.valid_to >= acting.valid_from))


def in_force(day: date) -> list[Acting]:
    """The acting officials of a day: the office's first, then the units'."""
    return [row for row in registered_actings(day) if row.valid_from <= day]


def ahead(day: date) -> list[Acting]:
    """The registered acting officials who begin later."""
    return [row for row in registered_actings(day) if row.valid_from > day]


def registered_actings(day: date) -> list[Acting]:
    """Those in force, then those who begin later."""
    rows = [row for row in decrees() if row.valid_to is None or row.valid_to >= day]
    return sorted(rows, key=lambda row: (row.valid_from > day, row.division_id is not None, row.valid_from, row.id))


def holder(division: int | None, day: date) -> User | None:
    """Who holds the post of head of a unit, or of the office (None), on a day."""
    of_unit = Post.division.is_null() if division is None else Post.division == division
    post = Post.select(Post, User).join(User).where(of_unit & Post.on(day)).order_by(Post.valid_from.desc()).first()
    return post.holder if post else None


def candidates(people: Iterable[User], division: int | None, day: date) -> list[User]:
    """Those who may be deputy for a post: not the holder, under any account."""
    head = holder(division, day)
    own = {account.id for account in accounts_of(head)} if head else set()
    return [person for person in people if person.id not in own]


def deputy_objection(deputy: Acting | None, reason: str, number: str = "") -> str:
    """The sentence that asks the holder of a post for a reason to decide himself while his deputy is in office: for one
    case, or without a number for a whole form; "" with a reason."""
    if deputy is None or reason in REASONS_DESPITE_DEPUTY:
        return ""
    of_case = f"Pengaduan {number}: " if number else ""
    return (
        f"{of_case}{deputy.user} sedang bertugas sebagai {deputy.post}, {deputy.span}. "
        "Pilih alasan Anda memutus sendiri; surat perintahnya tetap berlaku."
    )


def deputy_entry(deputy: Acting | None, reason: str) -> dict[str, dict[str, str]]:
    """The part of the history entry: the deputy, the decree, and why the holder decided himself."""
    if deputy is None:
        return {}
    in_office = {"post": deputy.post, "name": str(deputy.user), "decree": deputy.decree}
    return {"deputy": {**in_office, "reason": REASONS_DESPITE_DEPUTY[reason]}}


def is_headless(day: date) -> Any:
    """Condition: a unit in force without an active head or acting head on a day."""
    models = [(Post, Post.holder), (Acting, Acting.user)]
    filled = (
        model.select(pw.SQL("1"))
        .join(User, on=(person == User.id))
        .where((model.division == Division.id) & model.on(day) & User.active)
        for model, person in models
    )
    return Division.on(day) & reduce(and_, (~pw.fn.EXISTS(query) for query in filled))


# The scan


def store_scan(piece: Piece, *, by: User) -> Columns:
    """Seal and store a sanitised scan; returns the columns of its row (see `attach`)."""
    path = files.store_file(piece.data, seal.ring().panel, _label(piece.sha256))
    columns = {"name": piece.name, "kind": piece.kind, "size": piece.size, "sha256": piece.sha256}
    return {**columns, "path": path, "added_by": by.id}


def attach(acting: Acting, columns: Columns) -> DecreeScan:
    """Write the row of a stored scan; call in the transaction that writes the decree."""
    scan: DecreeScan = DecreeScan.create(acting=acting, added_at=now(), **columns)
    tracked_rows.added(DecreeScan, scan.id)
    return scan


def scans_of(ids: Iterable[int]) -> dict[int, DecreeScan]:
    """The latest scan of each of these decrees."""
    rows = DecreeScan.select().where(DecreeScan.acting.in_(list(ids))).order_by(DecreeScan.id)
    return {scan.acting_id: scan for scan in rows}


def scan_bytes(scan: DecreeScan) -> bytes:
    """The bytes of the scan; BrokenSeal if they changed, FileNotFoundError if the file is missing."""
    return files.fetch(scan.path, seal.ring().panel, _label(scan.sha256))


def _label(digest: str) -> str:
    return f"decree/{digest}"
