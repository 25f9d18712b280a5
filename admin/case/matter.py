"""What a complaint is about, and how it stands in the register."""

from typing import Any

from models.case.case import Case
from models.case.clocks import deadlines_of
from models.complaint.complaint import ELSEWHERE, Complaint, ended_at
from models.office.lists import GROUPS
from models.office.settings import LAW_CLASSES
from models.store.base import labels_of
from sop.access import SECRECY, URGENCY
from sop.words import format_date, format_moment

Pairs = list[tuple[str, Any]]  # label, value


def matter_of(case: Case) -> Pairs:
    c, place = case.complaint, case.complaint.kelurahan
    labels = labels_of(Complaint)
    matter = {
        "category": case.category.name,
        "law_class": LAW_CLASSES[c.law_class],
        "urgency": URGENCY[c.urgency],
        "secrecy": SECRECY[c.secrecy],
        "event_date": c.event_date,
        "event_place": c.event_place,
        "kelurahan": str(place or ""),
        "accused": c.accused,
        "loss": c.loss,
        "evidence": c.evidence,
    }
    return [(labels[name], value) for name, value in matter.items()]


def register_of(c: Complaint) -> Pairs:
    medium = f"{c.medium.name} ({dict(GROUPS)[c.medium.group].lower()})"
    way = " (susulan)" if c.backlog else " (dari berkas)" if c.imported else ""
    noted = f"{format_moment(c.recorded_at)}{way} oleh {c.registrar.name}"
    return [
        ("Media", medium),
        *([(c.medium.reference_label, c.medium_ref)] if c.medium_ref else []),
        *([("Instansi menurut berkas", c.institution.name)] if c.institution_id else []),
        *([("Topik menurut berkas", c.topic.name)] if c.topic_id else []),
        ("Diterima", format_moment(c.received_at)),
        ("Dicatat", noted),
        *([("Petugas pemegang", c.keeper.name)] if c.keeper_id else []),
        ("Unit kerja penanggung jawab", unit_of(c) or "Belum didisposisikan"),
        *([("Jawaban di luar panel", _answer_words(c))] if c.elsewhere else []),
        *((deadline.clock.ends, deadline.words) for deadline in deadlines_of(c)),
    ]


def _answer_words(c: Complaint) -> str:
    """How a case that a file brought in has ended elsewhere, and when."""
    known = ended_at(c)
    return f"{ELSEWHERE[c.elsewhere]}{f' {format_date(known)}' if known else ''}"


def unit_of(c: Complaint) -> str:
    """The name of the unit that leads the case; "" before there is one."""
    return str(c.unit.name) if c.unit_id else ""
