"""Whom to call when somebody is in danger: the category's emergency unit and the services, with their numbers."""

import re
from dataclasses import dataclass

from models.office.contacts import FoundNumbers, spare
from models.office.lists import Category
from models.office.people import Division
from models.office.settings import MAIL_SENDER, Settings, values

UNITS, SERVICES = "emergency.units", "emergency.line"  # settings: a unit or a service each line, its number at the end
NUMBER = re.compile(r"[+(]?\d[\d ().+/-]*\d$")
SHORTEST = 3  # digits: 112
LONGEST = 200  # letters: what the record of who was called holds
NO_DIGITS = re.compile(r"[^\d+]")


@dataclass(frozen=True)
class Contact:
    """A unit or a service, and the number under which it is called; "" if nobody has set one."""

    name: str
    phone: str = ""

    @property
    def dialled(self) -> str:
        """The number as a telephone takes it."""
        return NO_DIGITS.sub("", self.phone)

    def __str__(self) -> str:
        """For a line of text: a service that is named by its number is not told twice."""
        return self.name if self.name.endswith(self.phone) else f"{self.name} {self.phone}"


def contacts_of(category: Category | None, settings: Settings) -> list[Contact]:
    """Those to call: the category's emergency unit first."""
    unit = category.emergency_unit if category else None
    return [*([contact_of(unit, settings)] if unit else []), *services(settings)]


def contact_of(unit: Division, settings: Settings) -> Contact:
    """The unit with the number of its line, which begins with its code."""
    lines = (line for line in lines_of(settings[UNITS]) if code_in(line).casefold() == str(unit.code).casefold())
    return Contact(str(unit.name), next(map(number_in, lines), ""))


def services(settings: Settings) -> list[Contact]:
    """The services, each called as it is written: "SAPA 129"."""
    return [Contact(line, number_in(line)) for line in lines_of(settings[SERVICES])]


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def unit_objection(text: str) -> str:
    """The sentence for a line of the units' numbers that names no unit or holds no number; "" if there is none."""
    codes = {str(code).casefold(): str(code) for (code,) in Division.select(Division.code).tuples()}
    for line in lines_of(text):
        if code_in(line).casefold() not in codes:
            return f"“{line}” tidak diawali kode unit kerja. Yang ada: {', '.join(codes.values())}."
        if not number_in(line):
            return f"“{line}” tidak berakhir dengan nomor telepon."
    return ""


def service_objection(text: str) -> str:
    """The sentence for a line of the services that is longer than a record of the call has room for."""
    return next((f"Paling panjang {LONGEST} huruf sebaris." for one in lines_of(text) if len(one) > LONGEST), "")


def code_in(line: str) -> str:
    """The word before the number."""
    return NUMBER.sub("", line).strip(" :-–")


def number_in(line: str) -> str:
    """The number at the end of a line, "" if there is none that can be dialled."""
    found = NUMBER.search(line)
    return found[0] if found and len(NO_DIGITS.sub("", found[0])) >= SHORTEST else ""


def public_contacts() -> set[str]:
    """The telephone numbers and addresses under which the office, its units and the services are reached."""
    office, settings = FoundNumbers(), values()
    told = [settings[key] for key in ("office.phone", "office.web", MAIL_SENDER, UNITS, SERVICES)]
    units = Division.select(Division.phone, Division.web).tuples()
    for line in (line for text in (*told, *(text for unit in units for text in unit)) for line in lines_of(text or "")):
        office.without_numbers(line)
    return {*office.phone, *office.email}


spare(public_contacts)
