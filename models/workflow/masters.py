"""The initial masters of a new database: units, media, categories, reasons, working hours, holidays.

Masters of one city are added only for an office of that city.
"""

import csv
import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

from models.office.calendar import WorkHours
from models.office.lists import Category, Kelurahan, Medium, Reason
from models.office.people import Division, today
from models.records.entry import DEFAULT_CATEGORY
from models.store.base import Columns, database, insert_rows
from models.workflow.holidays import add_holidays

DATA = Path(__file__).parents[1] / "data"
SINCE = date(2020, 1, 1)
MALANG = "malang"  # name of the folder with the city's kelurahan, media and settings; the demo uses it
CITIES = (MALANG,)
ANY_PLACE = "daerah ini"  # placeholder in reasons where the office has not named its city
HOURS = {**{day: (time(7, 30), time(16, 0)) for day in range(4)}, 4: (time(7, 30), time(16, 30))}
# Ramadan 2026 by circular: (from, to), Monday to Thursday, Friday
RAMADAN = ((date(2026, 2, 18), date(2026, 3, 20)), (time(8, 0), time(15, 0)), (time(7, 30), time(15, 0)))


def read_data(name: str) -> Any:
    """The parsed content of models/data/<name>.json."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def city_settings(city: str) -> dict[str, str]:
    """The settings of an office of this city: names on papers, codes in numbers, texts on screens."""
    settings: dict[str, str] = read_data(f"{city}/city")["settings"]
    return settings


def kelurahan_of(city: str) -> list[dict[str, str]]:
    """The kelurahan of a city, as rows of the table."""
    with (DATA / city / "kelurahan.csv").open(encoding="utf-8", newline="") as file:
        columns = (("code", "kode"), ("kecamatan", "kecamatan"), ("name", "kelurahan"))
        return [{name: row[head] for name, head in columns} for row in csv.DictReader(file)]


def city_of(government: str) -> str:
    """The city with data files whose name this government carries; "" if there is none."""
    named = {city: read_data(f"{city}/city")["name"].casefold() for city in CITIES}
    return next((city for city, name in named.items() if government.casefold().endswith(name)), "")


def seed(city: str = "") -> None:
    """Fill an empty database with the masters, and those of a city; does nothing if there are units already."""
    if Division.select().exists():
        return
    with database.atomic():
        columns = ("code", "name", "kind", "paper_code")
        insert_rows(Division, [{"valid_from": SINCE, **{n: d[n] for n in columns}} for d in read_data("divisions")])
        insert_rows(Medium, list(_media(city)))
        _categories()
        if city:
            insert_rows(Kelurahan, [{"active": True, **row} for row in kelurahan_of(city)])
        place = read_data(f"{city}/city")["name"] if city else ANY_PLACE
        reasons = [(key, text.format(daerah=place)) for key, texts in read_data("reasons").items() for text in texts]
        insert_rows(Reason, [{"transition": key, "text": text, "active": True} for key, text in reasons])
        _hours()
        add_holidays(range(SINCE.year, today().year + 2))


def _media(city: str) -> Iterator[Columns]:
    """The general media, and those that only this city has."""
    for medium in read_data("media")["media"]:
        if medium.pop("of", city) == city:
            yield {"active": True, **medium}


def _categories() -> None:
    units = {d.code: d.id for d in Division.select()}
    tree = read_data("categories")
    plain = {"law_class": "tidak_berkadar", "urgency": "biasa"}
    Category.insert(
        code=DEFAULT_CATEGORY, name="Belum dipilah", title="Pengaduan masyarakat", secrecy="terbatas", **plain
    ).execute()
    parents = {
        p["code"]: Category.insert(code=p["code"], name=p["name"], active=False, **plain).execute()
        for p in tree["parents"]
    }
    insert_rows(
        Category,
        [
            {
                "code": leaf["code"],
                "name": leaf["name"],
                "parent": parents[leaf["parent"]],
                "title": leaf["title"],
                "law_class": leaf["class"],
                "secrecy": leaf["secrecy"],
                "urgency": leaf["urgency"],
                "unit": units.get(leaf["unit"]),
                "emergency_unit": units.get(leaf["emergency_unit"]),
                "instruction": next(iter(leaf["instructions"]), ""),
                "active": True,
            }
            for leaf in tree["leaves"]
        ],
    )


def _hours() -> None:
    rows: list[tuple[date, date | None, int, time, time]] = [(SINCE, None, day, *span) for day, span in HOURS.items()]
    (first, last), week, friday = RAMADAN
    rows += [(first, last, day, *(friday if day == 4 else week)) for day in range(5)]
    names = ("valid_from", "valid_to", "weekday", "opens", "closes")
    insert_rows(WorkHours, [dict(zip(names, row, strict=True)) for row in rows])
