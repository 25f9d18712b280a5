"""What a complaint is about, and how it stands in the register."""

from typing import Any

from models.case.case import Case
from models.case.deadline import deadlines_of
from models.office.lists import GROUPS
from models.office.settings import LAW_CLASSES
from models.tables.complaint import Complaint
from sop.access import SECRECY, URGENCY
from sop.words import format_moment

Pairs = list[tuple[str, Any]]  # label, value


def matter_of(case: Case) -> Pairs:
    c, place = case.complaint, case.complaint.kelurahan
    return [
        ("Kategori", case.category.name),
        ("Kelas peraturan", LAW_CLASSES[c.law_class]),
        ("Sifat", URGENCY[c.urgency]),
        ("Kerahasiaan", SECRECY[c.secrecy]),
        ("Waktu kejadian", c.event_date),
        ("Tempat kejadian", c.event_place),
        ("Kelurahan", str(place or "")),
        ("Pihak yang diadukan", c.accused),
        ("Kerugian", c.loss),
        ("Bukti", c.evidence),
    ]


def register_of(c: Complaint) -> Pairs:
    medium = f"{c.medium.name} ({dict(GROUPS)[c.medium.group].lower()})"
    noted = f"{format_moment(c.recorded_at)}{' (susulan)' if c.backlog else ''} oleh {c.registrar.name}"
    return [
        ("Media", medium),
        *([(c.medium.reference_label, c.medium_ref)] if c.medium_ref else []),
        ("Diterima", format_moment(c.received_at)),
        ("Dicatat", noted),
        *([("Petugas pemegang", c.keeper.name)] if c.keeper_id else []),
        ("Unit kerja penanggung jawab", unit_of(c) or "Belum didisposisikan"),
        *((deadline.clock.ends, deadline.words) for deadline in deadlines_of(c)),
    ]


def unit_of(c: Complaint) -> str:
    """The name of the unit that leads the case; "" before there is one."""
    return str(c.unit.name) if c.unit_id else ""
