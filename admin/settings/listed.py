"""The settings as people read them: each with its value in force, since when, and whether it is still missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from admin.settings.inputs import number_example
from models.case.sample import KINDS
from models.office import wording
from models.office.people import today
from models.office.settings import EMBLEM, OPTIONS, TO_PENGADU, Option, Setting, values
from models.office.wording import PREFIX, WORDING


@dataclass(frozen=True)
class SettingRow:
    """One setting on the page: its value in force, whether that is the default, whether it is still missing."""

    key: str
    option: Option
    value: str
    since: date | None
    example: str = ""

    @property
    def label(self) -> str:
        """Its name; of a standing text without the paper under which it is listed."""
        text = WORDING.get(self.key.removeprefix(PREFIX)) if self.key.startswith(PREFIX) else None
        return text.label if text else self.option.label

    @property
    def missing(self) -> bool:
        return self.option.required and not self.value.strip()


@dataclass(frozen=True)
class SettingPart:
    """Settings under one heading; `as_one`: changed together, on a page of their own."""

    anchor: str
    title: str
    note: str
    rows: list[SettingRow]
    as_one: bool = False


def value_as_read(key: str, value: Any) -> str:
    """A value as people read it."""
    option = OPTIONS[key]
    if key == EMBLEM:
        return "Gambar sendiri" if wording.is_own(value) else "Lambang bawaan panel" if value else ""
    if option.choices:
        return dict(option.choices).get(value, str(value))
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return "" if value is None else str(value)


def setting_rows(keys: Iterable[str]) -> list[SettingRow]:
    """These settings as they are today."""
    now, since = values(), dict(_first_days())
    return [
        SettingRow(
            key,
            OPTIONS[key],
            value_as_read(key, now[key]),
            since.get(key),
            number_example(key, now) if "{urut}" in str(OPTIONS[key].default) else "",
        )
        for key in keys
    ]


def _first_days() -> Any:
    query = Setting.select(Setting.key, Setting.valid_from).where(Setting.valid_from <= today())
    return query.order_by(Setting.valid_from).tuples()


def settings_parts(*, writes: bool) -> list[SettingPart]:
    """What the page lists, by anchor; the wording has a page of its own."""
    rows = setting_rows(key for key in OPTIONS if not key.startswith(PREFIX))
    head, numbers = ([entry for entry in rows if entry.key.startswith(family)] for family in ("office.", "number."))
    rest = [entry for entry in rows if entry not in (*head, *numbers)]
    hint = "; ubah bila kantor Anda berbeda" if writes else ""
    return [
        SettingPart("kop", "Kop surat", "Tercetak di atas setiap dokumen; diubah pada satu isian.", head, as_one=True),
        SettingPart("nomor", "Nomor surat", "Tercetak pada dokumen.", numbers),
        SettingPart("lanjutan", "Lanjutan", f"Sudah berjalan dengan nilai bawaan{hint}.", rest),
    ]


def wording_by_paper() -> dict[str, list[SettingRow]]:
    """The standing texts by the title of the paper under which they are found."""
    by_paper: dict[str, list[SettingRow]] = {}
    for entry in setting_rows(PREFIX + key for key in WORDING):
        text = WORDING[entry.key.removeprefix(PREFIX)]
        title = TO_PENGADU if text.is_letter else KINDS.get(text.paper, "Dokumen lain")
        by_paper.setdefault(title, []).append(entry)
    return by_paper
