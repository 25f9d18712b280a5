"""NIK, telephone numbers and e-mail addresses in typed text: found, normalised, masked.

A column registered by `mask_typed` returns its text masked as an attribute of the row, for pages and exports. The full
text is in the row's `__data__`: for the form that edits it, for papers that identify people, and for look-ups.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

import peewee as pw

from models.store.seal import ERASED

DIGITS = 16
LONGEST_WITH_NIK = 2_000  # characters that are searched; a text may be much longer
_NIK_RUN = re.compile(r"[0-9][0-9 ().-]*", re.ASCII)  # one NIK, or several separated by spaces
WOMEN = 40  # added to the day of birth of women
SOUND = re.compile(r"[0-9]{6}([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class NikReading:
    """Date of birth and sex (P or L) in a NIK."""

    birth: date
    sex: str


def niks_in(text: str) -> list[str]:
    """The complete NIKs in a text, without duplicates: sixteen digits, with any separators."""
    runs = (re.sub(r"[^0-9]", "", run) for run in _NIK_RUN.findall(text[:LONGEST_WITH_NIK]))
    whole = (
        run[start : start + DIGITS] for run in runs if len(run) % DIGITS == 0 for start in range(0, len(run), DIGITS)
    )
    return list(dict.fromkeys(whole))


def read_nik(nik: str, today: date) -> NikReading | None:
    """Date of birth and sex in the NIK; None if it is not 16 digits or the date is invalid."""
    match = SOUND.fullmatch(re.sub(r"[ .]", "", nik.strip()))
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    sex, day = ("P", day - WOMEN) if day > WOMEN else ("L", day)
    century = 2000 if year <= today.year % 100 else 1900  # the year has two digits
    try:
        born = date(century + year, month, day)
        return NikReading(born if born <= today else date(1900 + year, month, day), sex)
    except ValueError:
        return None


COUNTRY = "62"
MOBILE = f"{COUNTRY}8"
_PHONE_RUN = re.compile(r"\+?\(?\d[\d ().-]*", re.ASCII)  # one telephone number, or several
_GAP = re.compile(r"\s+(?=\(?(?:\+|0|62|8))", re.ASCII)  # where a second number may begin
LONGEST_WITH_PHONE = 2_000  # characters that are searched; a text may be much longer
_LEAST, _MOST = 10, 15  # digits, including the country code


def international(typed: str) -> str:
    """6281234567890 for 0812-3456-7890; "" unless it is one complete number: words, a short code, a local number."""
    if not _PHONE_RUN.fullmatch(typed.strip()):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    if typed.strip().startswith("+") or digits.startswith("00"):
        world = digits.removeprefix("00")
    elif digits.startswith(COUNTRY):
        world = digits
    else:
        world = f"{COUNTRY}{digits}" if digits.startswith(("0", "8")) else ""
    if world.startswith(COUNTRY):
        world = COUNTRY + world.removeprefix(COUNTRY).lstrip("0")  # +62 (0)812
    return world if _LEAST <= len(world) <= _MOST else ""


def numbers_in(text: str) -> list[str]:
    """The complete telephone numbers in a text in international form, without duplicates."""
    return list(
        dict.fromkeys(world for run in _PHONE_RUN.findall(text[:LONGEST_WITH_PHONE]) for world in _numbers_of(run))
    )


def _numbers_of(run: str) -> Iterator[str]:
    """The number in a run of digits, or several separated by spaces."""
    if world := international(run):
        yield world
        return
    parts, place = _GAP.split(run), 0
    while place < len(parts):
        ends = range(place + 1, min(place + _MOST, len(parts)) + 1)
        numbers = ((end, international(" ".join(parts[place:end]))) for end in ends)
        end, world = next(((end, world) for end, world in numbers if world), (place + 1, ""))
        if world:
            yield world
        place = end


def call_link(world: str) -> str:
    return f"tel:+{world}"


def chat_link(world: str, message: str = "") -> str:
    """The WhatsApp link for this number with a prepared message; "" for a landline of this country."""
    ready = f"?text={quote(message, safe='')}" if message else ""
    return f"https://wa.me/{world}{ready}" if world.startswith(MOBILE) or not world.startswith(COUNTRY) else ""


STARS = "********"
_SHORT = 8  # characters; the ends of a shorter value would reveal it


def _ends(text: str, first: int, last: int) -> str:
    return f"{text[:first]}{STARS}{text[-last:]}" if len(text) > _SHORT else STARS


def masked_nik(text: str) -> str:
    """99********1234"""
    return _ends(text, 2, 4)


def partly_masked_nik(text: str) -> str:
    """357304******0001, as on papers: region code and last digits. Anything but a NIK is masked by `masked_text`."""
    digits = "".join(character for character in text if character not in " .-")
    is_nik = len(digits) == DIGITS and digits.isdecimal()
    return f"{digits[:6]}******{digits[-4:]}" if is_nik else masked_text("nik", text)


def masked_phone(text: str) -> str:
    """08********45"""
    return _ends(text, 2, 2)


def masked_email(text: str) -> str:
    """s********@contoh.id"""
    name, at, host = text.rpartition("@")
    return f"{name[:1]}{STARS}@{host}" if at and len(name) > 1 else STARS


def masked_address(text: str) -> str:
    """Jl. ********: only that there is an address."""
    first, blank, _ = text.partition(" ")
    return f"{first} {STARS}" if blank and len(first) <= 4 and not any(c.isdigit() for c in first) else STARS


def completely_masked(text: str) -> str:
    """Only that there is a text, as a number or a neighbour's name may be anywhere in the text."""
    return STARS


_MASKS: dict[str, Callable[[str], str]] = {
    "nik": masked_nik,
    "phone": masked_phone,
    "email": masked_email,
    "address": masked_address,
    "domicile": masked_address,
    "safe_contact": completely_masked,
}


def masked_text(column: str, text: str) -> str:
    """A value of one of Person's sealed columns, masked; an empty one stays empty."""
    text = text.strip()
    return _MASKS[column](text) if text not in ("", ERASED) else text


_RUN = re.compile(r"(?<![0-9@])(?<!rp)(?<!rp[. ])\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII | re.IGNORECASE)
_GROUP = re.compile(r"[^ ]+")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # 850.000.000
_NO_DIGIT = re.compile(r"[^0-9]")
_BORN = re.compile(r"[0-9]{6}(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{6}", re.ASCII)  # in a NIK
_AROUND = " .-()"  # characters around a number that do not belong to it
_DIALLED = re.compile(r"\+|\(?0|62|8[1-9]")  # the start of a typed telephone number
_MAY_HAVE_NUMBERS = re.compile(r"[0-9@]")  # a text without any of these has nothing to mask
_CLOCK = r"[0-2]?[0-9][.][0-5][0-9]"
_DAY = r"[0-3]?[0-9][.-][01]?[0-9][.-](?:19|20)?[0-9][0-9]"
_WHEN = re.compile(rf"{_CLOCK}(?:-{_CLOCK})?|{_DAY}", re.ASCII)  # 08.00-15.00, 08-11-2026: not a part of a number
_GROUPS = 16  # of digits in one number at most: a NIK written digit by digit
_ALONE = 11  # digits without a space that are a complete number, whatever follows
_SHORTEST = 8  # digits of a telephone number at least, without the country's code: 62 8123 4567
_LONGEST = 200  # characters of a run of digits; a longer one is a table and not masked


@dataclass
class FoundNumbers:
    """The numbers and addresses that were masked in some texts, by the column of Person for each."""

    nik: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    email: list[str] = field(default_factory=list)
    spared: Container[str] = frozenset()  # numbers that are not personal and stay unmasked
    mark: str | None = None  # replacement for each number; its own mask if None

    def __bool__(self) -> bool:
        return bool(self.nik or self.phone or self.email)

    def all_of(self, column: str) -> list[str]:
        """Without duplicates, in order; telephone numbers in national form."""
        every = list[str](dict.fromkeys(getattr(self, column)))
        return [f"0{n.removeprefix(COUNTRY)}" if column == "phone" and n.startswith(COUNTRY) else n for n in every]

    def without_numbers(self, text: str) -> str:
        """The text with every number and address masked; the originals are collected in this object."""
        masked = _MAIL.sub(self._masked_email, text)
        return _RUN.sub(self._masked_run, masked)

    def _masked_email(self, at: re.Match[str]) -> str:
        return at[0] if at[0] in self.spared else self._collect("email", [at[0]], masked_email(at[0]))

    def _masked_run(self, run: re.Match[str]) -> str:
        written = run[0]
        if not _SHORTEST <= len(written) <= _LONGEST or _MONEY.fullmatch(written.strip("()")):
            return written
        groups = list(_GROUP.finditer(written))
        text, place = written[: groups[0].start()], 0
        while place < len(groups):
            end = self._number_end(written, groups, place)
            part = written[groups[place].start() : groups[max(end, place + 1) - 1].end()]
            text += self._masked_number(part) if end else part
            place = max(end, place + 1)
            text += written[groups[place - 1].end() : groups[place].start()] if place < len(groups) else ""
        return text

    def _number_end(self, written: str, groups: Sequence[re.Match[str]], place: int) -> int:
        """The end index of the groups that form a number starting at `place`; 0 if there is none."""
        if len(_NO_DIGIT.sub("", groups[place][0])) >= _ALONE and _is_number(groups[place][0], written):
            return place + 1
        ends = range(min(len(groups), place + _GROUPS), place, -1)
        begins = groups[place].start()
        return next((end for end in ends if _is_number(written[begins : groups[end - 1].end()], written)), 0)

    def _masked_number(self, part: str) -> str:
        core = part.strip(_AROUND)
        before, _, behind = part.partition(core)
        if ")" in core and "(" not in core and before.endswith("("):  # (0341) 366777
            before = before[:-1]
        niks, phones = niks_in(core), numbers_in(core)
        if all(number in self.spared for number in niks or phones):
            return part
        if niks:
            return f"{before}{self._collect('nik', niks, ', '.join(map(masked_nik, niks)))}{behind}"
        return f"{before}{self._collect('phone', phones, ', '.join(map(masked_phone, phones)))}{behind}"

    def _collect(self, column: str, numbers: list[str], instead: str) -> str:
        getattr(self, column).extend(numbers)
        return instead if self.mark is None else self.mark


def _is_number(part: str, whole: str) -> bool:
    """Whether it is a NIK or a telephone number, or several of one kind. A part of a longer run of digits is a NIK only
    if it contains a valid date of birth."""
    core = part.strip(_AROUND)
    if any(_MONEY.fullmatch(group) or _WHEN.fullmatch(group) for group in core.split()):
        return False
    if niks := niks_in(core):
        return part == whole or " " not in core or all(map(_BORN.fullmatch, niks))
    return bool(_DIALLED.match(core) and numbers_in(core))


_public: list[Callable[[], Set[str]]] = []


def public_numbers() -> Set[str]:
    """Numbers and addresses that are not personal: the office's own."""
    return _public[0]() if _public else frozenset()


def register_public_numbers(public: Callable[[], Set[str]]) -> None:
    """Register the source of numbers and addresses that stay unmasked: the office's own."""
    _public[:] = [public]


def masked_words(text: str) -> str:
    """The text masked for all readers. The office's own numbers are queried only if the text has a number."""
    if not _MAY_HAVE_NUMBERS.search(text):
        return text
    numbers = FoundNumbers()
    masked = numbers.without_numbers(text)
    if not (numbers.phone or numbers.email):
        return masked
    return FoundNumbers(spared=public_numbers()).without_numbers(text)


def masked_value(value: Any) -> Any:
    """A string or a list of them masked; any other value unchanged."""
    if isinstance(value, str):
        return masked_words(value)
    return [masked_value(part) for part in value] if isinstance(value, list) else value


class _Masked(pw.FieldAccessor):
    """The attribute of a masked column."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        return masked_value(super().__get__(instance, instance_type))


_MASKED: set[pw.Field] = set()


def mask_typed(model: type[pw.Model], names: Iterable[str]) -> None:
    """Register columns with typed text, so that their attributes return it masked."""
    for name in names:
        column = model._meta.fields[name]
        _MASKED.add(column)
        setattr(model, name, _Masked(model, column, name))


def is_masked(column: pw.Field) -> bool:
    return column in _MASKED
