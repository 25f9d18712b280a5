"""What an office must set up before its first complaint: eight items with their status today."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import url_for

from admin.office.letterhead import LETTERHEAD, name_of
from admin.office.setting_inputs import number_example
from models.complaint.event import Event
from models.demo import demo
from models.office.calendar import WEEKDAYS, Holiday, WorkHours
from models.office.identity import IDENTITY
from models.office.people import (
    Division,
    people_with_several_accounts,
    post_name,
    posts_by_unit,
    several_accounts_sentence,
    today,
    users_with_units,
)
from models.office.settings import BACKUP, BACKUP_PLACE, EMBLEM, FACTOR, OPTIONS, Setting, Settings, values
from models.office.wording import BUILT_IN
from models.operations.backup_schedule import OLD, location_taken
from models.sign_in import factor_rules
from models.store import backups, installation
from models.store.base import now
from models.store.master_cache import rows_by_id
from sop.access import ADMIN, ROLES
from sop.procedure import BIDANG, LANES
from sop.words import format_date

LAST_MONTH = 12
NO_DAY = "Belum wajib: {} peran"
NO_FACTORS = "Pada data contoh tidak ditanyakan."
DECIDE = "Putuskan: menggantikan server lama, atau untuk latihan"
TAKEN = "Tempat cadangan dipakai server lain"
DAYS_FROM = 48  # hours; from this age on it is given in days
UNARRANGED = "Panel membuatnya tiap malam bila tempatnya diisi; bila kantor menyalin dengan cara lain, catat caranya."
Links = list[tuple[str, str]]  # label, address
Units = list[Division | None]


@dataclass(frozen=True)
class Item:
    """One item: its summary, and links to the screens for what is missing."""

    title: str
    url: str
    summary: str
    lacking: Links = field(default_factory=list)

    @property
    def done(self) -> bool:
        return not self.lacking


def checklist_items() -> list[Item]:
    """The items, in the order of setting up an office."""
    settings, units = values(), [unit for unit in rows_by_id(Division).values() if unit.holds_on(today())]
    headless = _headless(units)
    return [
        _identity(settings),
        _letterhead(settings),
        _people(headless),
        _officials(units, headless),
        _hours(),
        _holidays(),
        _factors(settings),
        _backup(settings),
    ]


def setting_url(key: str) -> str:
    """The address of a setting's form; for the letterhead, of its common page."""
    if key in LETTERHEAD:
        return url_for("pengaturan.letterhead", _anchor=name_of(key))
    return url_for("pengaturan.create_view", key=key)


def _blank_settings(settings: Settings, keys: Iterable[str]) -> Links:
    return [
        (OPTIONS[key].label, setting_url(key)) for key in keys if OPTIONS[key].required and not settings[key].strip()
    ]


def _identity(settings: Settings) -> Item:
    """The office's identity with example numbers; first, since no paper is issued without it."""
    examples = "; ".join(
        f"{OPTIONS[key].label.removeprefix('Pola nomor ')} {number_example(key, settings)}"
        for key in OPTIONS
        if key.startswith("number.") and "{urut}" in settings[key]
    )
    return Item(
        "Identitas kantor",
        url_for("pengaturan.letterhead"),
        f"Tercetak pada dokumen; tanpa ini tidak ada yang terbit. Contoh nomor: {examples}.",
        _blank_settings(settings, IDENTITY),
    )


def _letterhead(settings: Settings) -> Item:
    keys = [key for key in LETTERHEAD if key not in IDENTITY]
    picture = "lambang bawaan panel dipakai" if settings[EMBLEM] in ("", BUILT_IN) else "lambang sendiri"
    return Item(
        "Kop dan lambang",
        url_for("pengaturan.letterhead"),
        f"Pada kop: {picture}.",
        _blank_settings(settings, keys),
    )


def _people(headless: Units) -> Item:
    numbers, active = count_active_by_role(), [user for user in users_with_units().values() if user.active]
    manned = {user.division_id for user in active if user.role == BIDANG}
    headcount = ", ".join(f"{label} {numbers[role]}" for role, label in ROLES.items())
    links = [(f"{ROLES[role]} belum ada", _new_user_url(role)) for role in (*LANES, ADMIN) if not numbers[role]]
    links += [
        (f"Pengguna {unit} belum ada", _new_user_url(BIDANG, unit))
        for unit in headless
        if unit and unit.id not in manned  # create the user first, then the post
    ]
    links += [
        (several_accounts_sentence(who), url_for("pengguna.edit_view", id=who[-1].id))
        for who in people_with_several_accounts()
    ]
    return Item("Pengguna", url_for("pengguna.index_view"), f"Aktif: {headcount}.", links)


def count_active_by_role() -> Counter[str]:
    return Counter(user.role for user in users_with_units().values() if user.active)


def _new_user_url(role: str, unit: Division | None = None) -> str:
    return url_for("pengguna.create_view", role=role, division=unit and unit.id)


def _officials(units: list[Division], headless: Units) -> Item:
    links = [
        (f"{post_name(unit)} belum ada", url_for("jabatan.create_view", division=unit and unit.id)) for unit in headless
    ]
    return Item("Unit kerja dan pejabat", url_for("jabatan.index_view"), f"{len(units)} unit kerja.", links)


def _factors(settings: Settings) -> Item:
    """The second factor, mandatory from a day on for roles that decide, read all cases or manage users; not checked in
    the demo."""
    if settings.get(demo.FLAG):
        return Item("Faktor kedua", url_for("akun.factor"), NO_FACTORS)
    people = factor_rules.asked_people()
    since = factor_rules.demanded_days()
    without = [role for role, day in since.items() if not day]
    undated = [(NO_DAY.format(len(without)), setting_url(f"{FACTOR}{without[0]}"))] if without else []
    lacking = []
    for user in (user for user, has in people if not has):
        day = since[user.role]
        when = f", wajib {'sejak' if day <= today() else 'mulai'} {format_date(day)}" if day else ""
        url = url_for("pengguna.edit_view", id=user.id, _anchor="faktor")
        lacking.append((f"{user.name} ({ROLES[user.role]}) belum memasang{when}", url))
    summary = f"Wajib. Terpasang pada {len(people) - len(lacking)} dari {len(people)} orang."
    return Item("Faktor kedua", url_for("akun.factor"), summary, [*undated, *lacking])


def _headless(units: list[Division]) -> Units:
    """Units without a head today; None stands for the office itself."""
    signers = posts_by_unit(today())
    return [unit for unit in (None, *units) if not signers.get(unit.id if unit else None)]


def _hours() -> Item:
    rows = [row for row in rows_by_id(WorkHours).values() if row.holds_on(today())]
    rows.sort(key=lambda row: (row.weekday, row.valid_from))
    spans = {row.weekday: f"{WEEKDAYS[row.weekday]} {row.opens:%H.%M}–{row.closes:%H.%M}" for row in rows}
    links = [] if spans else [("Jam kerja belum ada", url_for("jam-kerja.create_view"))]
    return Item("Jam kerja", url_for("jam-kerja.index_view"), f"{', '.join(spans.values())}.", links)


def _holidays() -> Item:
    """Days off of this year and the next; next year's cuti bersama, announced in autumn, is required from December."""
    day = today()
    known = {(row.day.year, row.kind) for row in rows_by_id(Holiday).values() if row.active}
    names, late = dict(Holiday.kind.choices), day.month == LAST_MONTH
    wanted = [(year, kind) for year in (day.year, day.year + 1) for kind in names]
    missing = [pair for pair in wanted if pair not in known]
    links = [
        (f"{names[kind]} {year} belum ada", url_for("hari-libur.whole_list", tahun=year))
        for year, kind in missing
        if late or (year, kind) != (day.year + 1, "cuti")
    ]
    ahead = f"; cuti bersama {day.year + 1} belum diumumkan" if missing and not links else ""
    return Item(
        "Hari libur dan cuti bersama",
        url_for("hari-libur.index_view"),
        f"Tahun {day.year} dan {day.year + 1}{ahead}.",
        links,
    )


def _backup(settings: Settings) -> Item:
    """Backups, made by the panel or otherwise; in both cases a note about the arrangement is required."""
    if installation.status() in installation.UNDECIDED:
        return Item(
            "Cadangan",
            url_for("cadangan.index_view"),
            installation.sentence(),
            [(DECIDE, url_for("cadangan.index_view"))],
        )
    links = _blank_settings(settings, [BACKUP])
    if settings[BACKUP_PLACE]:
        url = url_for("cadangan.index_view")
        if fault := location_taken():
            return Item("Cadangan", url, fault, [(TAKEN, url), *links])
        summary, late = backup_age_words(now())
        return Item("Cadangan", url, summary, [*([(late, url)] if late else []), *links])
    if links:
        links = [(OPTIONS[BACKUP_PLACE].label, setting_url(BACKUP_PLACE)), *links]
    return Item("Cadangan", setting_url(BACKUP), UNARRANGED if links else _backup_words(settings[BACKUP]), links)


def backup_age_words(at: datetime) -> tuple[str, str]:
    """The age of the last verified backup in a sentence, and a complaint if it is too old, else ""."""
    hours = backups.age(at)
    if hours is None:
        return "Belum ada cadangan yang teruji.", "Cadangan yang teruji belum ada"
    since = (
        f"{int(hours // 24)} hari" if hours >= DAYS_FROM else f"{int(hours)} jam" if hours >= 1 else "kurang dari sejam"
    )
    late = f"Cadangan terakhir sudah {since} yang lalu" if hours > OLD else ""
    return f"Cadangan terakhir yang teruji dibuat {since} yang lalu.", late


def _backup_words(note: str) -> str:
    in_force = (Setting.key == BACKUP) & (Setting.valid_from <= today())
    row = Setting.select().where(in_force).order_by(Setting.valid_from.desc()).get()
    event = Event.select().where(Event.subject == f"setting:{row.id}").order_by(Event.id.desc()).first()
    return f"{note} (sejak {format_date(row.valid_from)}, dicatat {event.who})" if event else note
