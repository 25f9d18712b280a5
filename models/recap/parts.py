"""Along what a recap is told part by part: medium, category, class, unit, place, state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.office.lists import Category, Institution, Kelurahan, Medium, Topic
from models.office.people import Division
from models.office.settings import LAW_CLASSES
from models.recap.figures import OF_PARTS
from models.store.base import database
from models.tables.complaint import Complaint
from sop import flow

Name = int | str | None
NOBODY = ""  # how an address says that a case has none


@dataclass(frozen=True)
class Part:
    """One way of telling the cases apart: the column, the names of its values, and which figures are told by it."""

    key: str
    title: str
    column: pw.Field
    names: Callable[[], Mapping[Name, str]]
    unknown: str = "Belum diketahui"
    figures: tuple[str, ...] = OF_PARTS
    area: bool = False  # the column's kelurahan are gathered by kecamatan
    kept_order: bool = False  # as the names stand, not by how many
    is_optional: bool = False  # not told where no case has a value of it

    def condition(self, value: str) -> Any:
        """What is of this value, as it stands in an address."""
        if value == NOBODY:
            return self.column.is_null()
        if self.area:
            return self.column.in_(Kelurahan.select(Kelurahan.id).where(Kelurahan.kecamatan == value))
        return self.column == value

    def name_of(self, value: str) -> str | None:
        """The value of an address in words; None if there is no such value."""
        if value == NOBODY:
            return self.unknown
        return {str(key): name for key, name in self.names().items()}.get(value)


def _rows_of(model: Any) -> Callable[[], Mapping[Name, str]]:
    return lambda: dict(database.execute(model.select(model.id, model.name)))


def kecamatan_by_kelurahan() -> dict[int, str]:
    return dict(database.execute(Kelurahan.select(Kelurahan.id, Kelurahan.kecamatan)))


def _kecamatan() -> Mapping[Name, str]:
    return {name: name for name in sorted(set(kecamatan_by_kelurahan().values()))}


def _classes() -> Mapping[Name, str]:
    return {key: words for key, words in LAW_CLASSES.items()}  # noqa: C416 - keys of a wider type


def _states() -> Mapping[Name, str]:
    return dict(flow.states())


def value_of(part: "Part", value: Name, areas: Mapping[int, str]) -> str:
    """What of a part a case with this value in its column has, as an address carries it."""
    if value is None:
        return NOBODY
    return areas[int(value)] if part.area else str(value)


UNITLESS, UNTOLD = "Belum atau tidak didisposisikan", "Tidak tercatat"
PARTS: tuple[Part, ...] = (
    Part("unit", "Unit kerja", Complaint.unit, _rows_of(Division), UNITLESS),
    Part("kategori", "Kategori", Complaint.category, _rows_of(Category)),
    Part("klasifikasi", "Klasifikasi", Complaint.law_class, _classes, kept_order=True),
    Part("media", "Media pengaduan", Complaint.medium, _rows_of(Medium)),
    Part("kecamatan", "Kecamatan", Complaint.kelurahan, _kecamatan, area=True),
    Part("kelurahan", "Kelurahan", Complaint.kelurahan, _rows_of(Kelurahan)),
    Part("instansi", "Instansi", Complaint.institution, _rows_of(Institution), UNTOLD, is_optional=True),
    Part("topik", "Topik", Complaint.topic, _rows_of(Topic), UNTOLD, is_optional=True),
    Part("status", "Status sekarang", Complaint.state, _states, figures=OF_PARTS[:1], kept_order=True),
    Part("akhir", "Cara berakhir", Complaint.state, _states, figures=OF_PARTS[1:2], kept_order=True),
)
PART_BY_KEY = {part.key: part for part in PARTS}
