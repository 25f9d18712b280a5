"""What is *perlu dilengkapi* on a complaint: wanted, never blocking."""

from typing import Any

from models.tables.complaint import Person

WANTED = {  # by column of the complaint or of its pengadu
    "pengadu.nik": "NIK",
    "pengadu.phone": "Telepon/WhatsApp",
    "pengadu.address": "Alamat",
    "event_date": "Waktu kejadian",
    "event_place": "Tempat kejadian",
    "asks": "Yang diminta pengadu",
}


def missing(complaint: Any, pengadu: Person | None) -> list[str]:
    """The labels of what is wanted and not there."""
    return [label for name, label in WANTED.items() if _lacks(complaint, pengadu, name)]


def _lacks(complaint: Any, pengadu: Any, name: str) -> bool:
    """Whether it is not there; of an anonymous pengadu nothing is expected."""
    person, _, column = name.rpartition(".")
    if person:
        return not complaint.anonymous and not getattr(pengadu, column, None)
    return not getattr(complaint, column)
