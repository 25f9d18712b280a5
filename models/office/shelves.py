"""Where the office keeps its papers (rak, boks, map), and how long by archive classification (jadwal retensi)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import quote, unquote

import peewee as pw

from models.office.people import Dated, Master
from models.office.settings import CODE_ADDRESS, OPTIONS, Setting, values
from models.store import master_cache, seal
from sop.clock import WIB

SHELF_KINDS = {"rak": "Rak", "boks": "Boks", "map": "Map"}  # from the outermost to the innermost
CLASS = "number.class"  # the setting of the archive classification
FATES = {"musnah": "Musnah", "permanen": "Permanen"}
SAME_CODE = "Kode ini terbaca sama dengan {}; huruf O dibaca 0, huruf I dan L dibaca 1."
WRONG_PARENT = "{} tidak dapat terletak di dalam {}."
WRONG_CHILD = "Tempat ini memuat {}, yang tidak dapat terletak di dalam {}."
BETWEEN = " › "  # places of a path
VERIFICATION, SEARCH = "/v/", "/arsip/?q="  # ends of addresses of the panel


class ShelfPlace(Master):
    """A rak, boks or map; `code` stands on its label."""

    proof = "Tempat arsip"

    code = pw.CharField(verbose_name="Kode", max_length=20, unique=True)
    kind = pw.CharField(verbose_name="Jenis", max_length=10, choices=tuple(SHELF_KINDS.items()))
    name = pw.CharField(verbose_name="Keterangan", max_length=80, default="")
    parent = pw.ForeignKeyField("self", verbose_name="Terletak di", null=True, on_delete="RESTRICT")
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self) -> str:
        return f"{self.code} ({self.name})" if self.name else str(self.code)


class Retention(Dated):
    """How long archives of a classification are retained once their case has ended, and what becomes of them."""

    proof = "Jadwal retensi arsip"

    code = pw.CharField(verbose_name="Kode klasifikasi arsip", max_length=40)
    title = pw.CharField(verbose_name="Jenis arsip", max_length=160, default="")
    active_years = pw.IntegerField(verbose_name="Masa aktif (tahun)")
    inactive_years = pw.IntegerField(verbose_name="Masa inaktif (tahun)")
    fate = pw.CharField(verbose_name="Nasib akhir", max_length=10, choices=tuple(FATES.items()))
    basis = pw.CharField(verbose_name="Dasar", max_length=200, default="")

    class Meta:
        indexes = ((("code", "valid_from"), True),)

    def __str__(self) -> str:
        return str(self.code)


def all_places() -> Mapping[int, ShelfPlace]:
    """All places by id, cached."""
    return master_cache.rows_by_id(ShelfPlace)


def as_read(code: str) -> str:
    """A code as it is compared: in capitals, O as 0, I and L as 1."""
    return code.upper().translate(seal.MISREAD)


def place_of_code(typed: str) -> ShelfPlace | None:
    """The place with this code, as typed or as its label's QR code says it, with the address before it."""
    code = scanned_text(typed)
    by_code = {as_read(place.code): place for place in all_places().values()}
    return by_code.get(as_read(code)) if code else None


def scanned_text(typed: str) -> str:
    """What was typed, or what follows the address of the search in a scanned label."""
    text = typed.replace("\0", "")
    if SEARCH in text:
        text = unquote(text.rpartition(SEARCH)[2]).replace("\0", "")
    return " ".join(text.split())


def label_address(text: str) -> str:
    """What the QR code of a label says: the address of the search with this text if the office's setting says where the
    panel is (its address for verification codes ends with /v/), else the text alone."""
    address = str(values()[CODE_ADDRESS])
    return f"{address.removesuffix(VERIFICATION)}{SEARCH}{quote(text)}" if address.endswith(VERIFICATION) else text


def path_to(place: ShelfPlace) -> list[ShelfPlace]:
    """The place and those around it, the outermost first."""
    places, path = all_places(), [place]
    while (above := places.get(path[0].parent_id or 0)) and above not in path:
        path.insert(0, above)
    return path


def steps_to(place: ShelfPlace) -> list[str]:
    """Rak R-01, Boks B-07, Map M-0012"""
    return [f"{SHELF_KINDS[around.kind]} {around.code}" for around in path_to(place)]


def place_words(place: ShelfPlace) -> str:
    """Rak R-01 › Boks B-07 › Map M-0012"""
    return BETWEEN.join(steps_to(place))


def places_within(place: ShelfPlace) -> list[int]:
    """The ids of the place and of all places in it."""
    return [one.id for one in all_places().values() if place in path_to(one)]


def place_objection(place: ShelfPlace) -> str:
    """The sentence why a new or changed place cannot be stored, "" if it can."""
    others = [row for row in ShelfPlace.select() if row.id != place.id]
    same = next((row for row in others if as_read(row.code) == as_read(place.code)), None)
    return SAME_CODE.format(same.code) if same else _position_objection(place, others)


def _position_objection(place: ShelfPlace, others: list[ShelfPlace]) -> str:
    ranks = {kind: rank for rank, kind in enumerate(SHELF_KINDS)}
    around = next((row for row in others if row.id == place.parent_id), place)
    if place.parent_id and ranks[around.kind] >= ranks[place.kind]:
        return WRONG_PARENT.format(SHELF_KINDS[place.kind], SHELF_KINDS[around.kind])
    inside = [row for row in others if place.id and row.parent_id == place.id]
    wrong = next((row for row in inside if ranks[row.kind] <= ranks[place.kind]), None)
    return WRONG_CHILD.format(wrong.code, SHELF_KINDS[place.kind]) if wrong else ""


def offered_places() -> list[ShelfPlace]:
    """The active places, by code."""
    return sorted((one for one in all_places().values() if one.active), key=lambda one: one.code)


@dataclass(frozen=True)
class RetentionTerm:
    """The rule of the cases that ended on the days from `since` to before `until` (None: no limit)."""

    code: str
    since: date | None
    until: date | None
    rule: Retention | None

    def active_until(self, ended: date) -> date | None:
        """The last day of the active period; None without a rule."""
        return years_after(ended, self.rule.active_years) if self.rule else None

    def inactive_until(self, ended: date) -> date | None:
        """The last day of the inactive period; None without a rule."""
        return years_after(ended, self.rule.active_years + self.rule.inactive_years) if self.rule else None


def retention_terms(day: date) -> list[RetentionTerm]:
    """The rules in force on a day by the days on which cases ended: a case has the classification of its last day."""
    return list(master_cache.cached(("retention terms", day), lambda: _terms(day)))


def _terms(day: date) -> list[RetentionTerm]:
    in_force = Retention.select().where(Retention.on(day)).order_by(Retention.valid_from)
    rules = {str(rule.code): rule for rule in in_force}
    stored = Setting.select(Setting.valid_from, Setting.value).where(Setting.key == CLASS).order_by(Setting.valid_from)
    codes: list[tuple[date | None, str]] = [(None, str(OPTIONS[CLASS].default))]
    codes += [(since, str(code)) for since, code in stored.tuples()]
    ends = [*(since for since, _ in codes[1:]), None]
    return [RetentionTerm(code, since, end, rules.get(code)) for (since, code), end in zip(codes, ends, strict=True)]


def term_of(ended: date, terms: Iterable[RetentionTerm]) -> RetentionTerm:
    """The rule for a case that ended on this day."""
    return next(
        term for term in terms if (not term.since or term.since <= ended) and (not term.until or ended < term.until)
    )


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def years_before(day: date, years: int) -> date:
    """The first day from which `years_after` is not before this day."""
    earlier = years_after(day, -years)
    return earlier if years_after(earlier, years) >= day else earlier + timedelta(days=1)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), WIB)
