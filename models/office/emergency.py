"""Emergency contacts of a case: the category's emergency unit and the services, with their telephone numbers."""

import re
from dataclasses import dataclass

from models.office.contacts import FoundNumbers, register_public_numbers
from models.office.lists import Category
from models.office.people import Division
from models.office.settings import MAIL_SENDER, Settings, values
from models.store.master_cache import rows_by_id

UNITS, SERVICES = "emergency.units", "emergency.line"  # settings: a unit or a service each line, its number at the end
NUMBER = re.compile(r"[+(]?\d[\d ().+/-]*\d$")
SHORTEST = 3  # digits: 112
LONGEST = 200  # characters, as the record of the call
NO_DIGITS = re.compile(r"[^\d+]")


@dataclass(frozen=True)
class Contact:
    """A unit or a service and its telephone number; "" if not set."""

    name: str
    phone: str = ""

    @property
    def dialled(self) -> str:
        """The number for a tel: link."""
        return NO_DIGITS.sub("", self.phone)

    def __str__(self) -> str:
        """Name and number; without the number where the name already ends with it."""
        return self.name if self.name.endswith(self.phone) else f"{self.name} {self.phone}"


def contacts_of(category: Category | None, settings: Settings) -> list[Contact]:
    """The contacts to call, the category's emergency unit first."""
    called = category.emergency_unit_id if category else None
    unit = rows_by_id(Division, [called]).get(called) if called else None
    return [*([contact_of(unit, settings)] if unit else []), *services(settings)]


def contact_of(unit: Division, settings: Settings) -> Contact:
    """The unit with its number from the line in UNITS that begins with its code."""
    lines = (line for line in lines_of(settings[UNITS]) if code_in(line).casefold() == str(unit.code).casefold())
    return Contact(str(unit.name), next(map(number_in, lines), ""))


def services(settings: Settings) -> list[Contact]:
    """The services, each named by its whole line: "SAPA 129"."""
    return [Contact(line, number_in(line)) for line in lines_of(settings[SERVICES])]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def unit_objection(text: str) -> str:
    """The sentence for a line of UNITS without a known unit code or a number; "" if there is none."""
    codes = {str(code).casefold(): str(code) for (code,) in Division.select(Division.code).tuples()}
    for line in lines_of(text):
        if code_in(line).casefold() not in codes:
            return f"“{line}” tidak diawali kode unit kerja. Yang ada: {', '.join(codes.values())}."
        if not number_in(line):
            return f"“{line}” tidak berakhir dengan nomor telepon."
    return ""


def service_objection(text: str) -> str:
    """The sentence for a line of SERVICES that is too long for the record of the call."""
    return next((f"Paling panjang {LONGEST} huruf sebaris." for line in lines_of(text) if len(line) > LONGEST), "")


def code_in(line: str) -> str:
    """The code before the number."""
    return NUMBER.sub("", line).strip(" :-–")


def number_in(line: str) -> str:
    """The telephone number at the end of a line, "" if there is none."""
    match = NUMBER.search(line)
    return match[0] if match and len(NO_DIGITS.sub("", match[0])) >= SHORTEST else ""


def public_contacts() -> set[str]:
    """The telephone numbers and e-mail addresses of the office, its units and the services."""
    office, settings = FoundNumbers(), values()
    texts = [settings[key] for key in ("office.phone", "office.web", MAIL_SENDER, UNITS, SERVICES)]
    texts += [text for unit in Division.select(Division.phone, Division.web).tuples() for text in unit]
    for line in (line for text in texts for line in lines_of(text or "")):
        office.without_numbers(line)
    return {*office.phone, *office.email}


register_public_numbers(public_contacts)
