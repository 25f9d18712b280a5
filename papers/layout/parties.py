"""Who a Berita Acara is between: the one whom the result was told to, as what he heard it, and how he was there."""

from dataclasses import dataclass

from models.complaint.complaint import Person
from models.records.main_line import ALONE, CAPACITIES
from models.store.base import labels_of
from papers.layout.formats import Content
from papers.layout.phrases import lowered

LABELS = labels_of(Person)
NEUTRAL = "Penerima penjelasan"  # of records from before it was asked as what he heard it


@dataclass(frozen=True)
class SecondParty:
    """PIHAK KEDUA as the paper names him: label and value of each line, and how he was there."""

    name: str
    rows: tuple[tuple[str, str], ...]
    present: bool


def is_alone(record: Content) -> bool:
    """Whether nobody was told: such a paper has one party."""
    return record["codes"].get("outcome") in ALONE


def second_party(complaint: Content, persons: Content, record: Content) -> SecondParty:
    """Whom the result was told to. Pengadu and kuasa are both named wherever there are both."""
    names = _names(complaint, persons)
    name = record["blanks"]["receiver"] or names["pengadu"]
    capacity = record["codes"].get("capacity") or _capacity_by_name(name, names)
    himself = persons.get(capacity, {}) if name == names.get(capacity) else {}
    present = record["codes"].get("medium") == "tatap_muka"
    rows = (
        (LABELS["name"], name or "–"),
        (LABELS["nik"], himself.get("nik", "")),
        (LABELS["kelurahan"], _place(himself)),
        ("Selaku", _as_what(capacity, record)),
        *((CAPACITIES[other], names.get(other, "")) for other in ("pengadu", "kuasa") if other != capacity),
        ("Kehadiran", _attendance(record, present)),
    )
    return SecondParty(name, tuple((label, value) for label, value in rows if value), present)


def _names(complaint: Content, persons: Content) -> dict[str, str]:
    """Pengadu and kuasa by name; who did not give his is named by the register."""
    anonymous = f"Pengadu anonim (nomor register {complaint['number']})"
    pengadu = anonymous if complaint["anonymous"] else persons.get("pengadu", {}).get("name", "")
    return {"pengadu": pengadu, "kuasa": persons.get("kuasa", {}).get("name", "")}


def _capacity_by_name(name: str, names: dict[str, str]) -> str:
    return next((capacity for capacity, known in names.items() if known == name), "")


def _as_what(capacity: str, record: Content) -> str:
    kinship = record["blanks"].get("kinship")
    related = f" ({kinship})" if capacity == "keluarga" and kinship else ""
    return f"{CAPACITIES.get(capacity, NEUTRAL)}{related}"


def _place(person: Content) -> str:
    return "/".join(filter(None, (person.get("kelurahan"), person.get("kecamatan"))))


def _attendance(record: Content, present: bool) -> str:
    through = lowered(record["blanks"]["medium"].partition(" (")[0])
    return "Hadir" if present else f"Tidak hadir (disampaikan melalui {through})"
