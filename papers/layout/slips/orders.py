"""What a disposition says, in the words of its paper: who is addressed, what is asked, until when, by whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from papers.layout.formats import Content
from papers.layout.phrases import pengadu, when
from papers.layout.said import listed
from sop.words import format_date

LEADS = " (penanggung jawab)"
_UNITS = 14  # that a grid shows; those that are addressed always stand on it


@dataclass(frozen=True)
class Ticked:
    """A line of the grid, and whether it was chosen."""

    text: str
    ticked: bool


@dataclass(frozen=True)
class Order:
    """One disposition; the dates and the address line by line."""

    sender: str
    title: str
    units: list[Ticked]
    named: list[str]
    instructions: list[Ticked]
    note: str
    dates: list[str]
    address: list[str]


def order_of(content: Content) -> Order:
    """What stands on the paper that a frozen content makes."""
    complaint, blanks = content["complaint"], content["records"]["disposition"]["blanks"]
    offered = listed("lembar_disposisi.instructions")
    return Order(
        sender=pengadu(complaint, content["persons"]),
        title=complaint["title"],
        units=_grid(blanks, content["units"]),
        named=list(blanks["named"]),
        instructions=[Ticked(word, word in blanks["instructions"]) for word in _both(offered, blanks["instructions"])],
        note=blanks["note"].strip(),
        dates=list(_dates(content)),
        address=list(_address(content["office"])),
    )


def _grid(blanks: Content, units: Iterable[str]) -> list[Ticked]:
    """The units in the office's order, those addressed ticked; of more than a grid holds the others are left out."""
    lead, chosen = blanks["unit"], [blanks["unit"], *blanks["others"]]
    names = _both(units, chosen)
    spare = max(0, _UNITS - len(set(chosen)))
    left_out = [name for name in names if name not in chosen][spare:]
    kept = [name for name in names if name not in left_out]
    return [Ticked(name + LEADS if name == lead else name, name in chosen) for name in kept]


def _both(offered: Iterable[str], chosen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*offered, *chosen)))


def _dates(content: Content) -> Iterator[str]:
    """Until when the case must be settled, and the working time of the row that follows."""
    deadline = content["complaint"]["deadline"]
    clock = f" ({deadline['clock']})" if deadline["clock"] else ""
    yield f"{deadline['ends']}: {format_date(when(deadline['due']))}{clock}"
    if deadline["clock"]:
        rows = (row for row in content["clocks"] if row["no"] == content["sop"]["row"] + 1)
        yield from (f"Waktu SOP langkah berikutnya: {row['norm']}" for row in rows)


def _address(office: Content) -> Iterator[str]:
    """The lines of the short letterhead; what the office has not told yet is a gap."""
    street, phone = office["address"] or "Alamat: " + "…" * 16, office["phone"] or "…" * 8
    yield f"{street}, Telepon {phone}, {office['city'].upper()} {office['postcode'] or '…' * 5}"
    if office["web"]:
        yield office["web"]
