"""NIK, telephone numbers and e-mail addresses in what people type: found, normalised, masked.

A column that `mask_typed` names tells its text masked, as an attribute of its row, in words and in a file. The whole
stands in the row's `__data__`: for the form in which it is typed anew, for a paper that says who people are, and for
what is found by it.
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
LONGEST_WITH_NIK = 2_000  # letters that are looked through: a blank may be as long as a form
_NIK_RUN = re.compile(r"[0-9][0-9 ().-]*", re.ASCII)  # what could be one, or several with a blank between them
WOMEN = 40  # is added to the day of birth of women
SOUND = re.compile(r"[0-9]{6}([0-9]{2})([0-9]{2})([0-9]{2})[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class NikReading:
    """Born on which day, of which sex (P or L)."""

    birth: date
    sex: str


def niks_in(text: str) -> list[str]:
    """The whole NIKs of a text, each once: sixteen digits, whatever people put between them."""
    runs = (re.sub(r"[^0-9]", "", run) for run in _NIK_RUN.findall(text[:LONGEST_WITH_NIK]))
    whole = (
        run[start : start + DIGITS] for run in runs if len(run) % DIGITS == 0 for start in range(0, len(run), DIGITS)
    )
    return list(dict.fromkeys(whole))


def read_nik(nik: str, today: date) -> NikReading | None:
    """What the NIK tells; None if it is not 16 digits, or holds no day that can be."""
    found = SOUND.fullmatch(re.sub(r"[ .]", "", nik.strip()))
    if found is None:
        return None
    day, month, year = (int(part) for part in found.groups())
    sex, day = ("P", day - WOMEN) if day > WOMEN else ("L", day)
    try:
        return NikReading(_past(day, month, year, today), sex)
    except ValueError:
        return None


def _past(day: int, month: int, year: int, today: date) -> date:
    """The latest such day that is not ahead: two digits do not tell the century."""
    born = date(2000 + year, month, day) if year <= today.year % 100 else date(1900 + year, month, day)
    return born if born <= today else date(1900 + year, month, day)


COUNTRY = "62"
MOBILE = f"{COUNTRY}8"
_PHONE_RUN = re.compile(r"\+?\(?\d[\d ().-]*", re.ASCII)  # what could be a number, in a text that may hold several
_GAP = re.compile(r"\s+(?=\(?(?:\+|0|62|8))", re.ASCII)  # where a second number may begin
LONGEST_WITH_PHONE = 2_000  # letters that are looked through: a blank may be as long as a form
_LEAST, _MOST = 10, 15  # digits, the country's among them


def international(typed: str) -> str:
    """6281234567890 of 0812-3456-7890; "" for what is not one whole number: words, a short code, a local number."""
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
    """The whole numbers of a text as the world dials them, each once."""
    return list(
        dict.fromkeys(world for run in _PHONE_RUN.findall(text[:LONGEST_WITH_PHONE]) for world in _numbers_of(run))
    )


def _numbers_of(run: str) -> Iterator[str]:
    """The number that the digits are; several where nothing but a blank stands between them."""
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
    """WhatsApp with this number, the message ready to be sent; "" for a landline of our own, where nobody would read
    it."""
    ready = f"?text={quote(message, safe='')}" if message else ""
    return f"https://wa.me/{world}{ready}" if world.startswith(MOBILE) or not world.startswith(COUNTRY) else ""


STARS = "********"
_SHORT = 8  # letters: a shorter value would be given away by its ends


def _ends(text: str, first: int, last: int) -> str:
    return f"{text[:first]}{STARS}{text[-last:]}" if len(text) > _SHORT else STARS


def masked_nik(text: str) -> str:
    """99********1234"""
    return _ends(text, 2, 4)


def partly_nik(text: str) -> str:
    """357304******0001, as a paper names a party: its region and its end. What is no NIK is masked as elsewhere."""
    digits = "".join(letter for letter in text if letter not in " .-")
    sound = len(digits) == DIGITS and digits.isdecimal()
    return f"{digits[:6]}******{digits[-4:]}" if sound else masked_text("nik", text)


def masked_phone(text: str) -> str:
    """08********45"""
    return _ends(text, 2, 2)


def masked_email(text: str) -> str:
    """s********@contoh.id"""
    name, at, host = text.rpartition("@")
    return f"{name[:1]}{STARS}@{host}" if at and len(name) > 1 else STARS


def address(text: str) -> str:
    """Jl. ********: that there is one, not where."""
    first, blank, _ = text.partition(" ")
    return f"{first} {STARS}" if blank and len(first) <= 4 and not any(c.isdigit() for c in first) else STARS


def whole(text: str) -> str:
    """That there is something, and nothing of it: a number or a neighbour's name may stand anywhere in a sentence."""
    return STARS


_MASKS: dict[str, Callable[[str], str]] = {
    "nik": masked_nik,
    "phone": masked_phone,
    "email": masked_email,
    "address": address,
    "domicile": address,
    "safe_contact": whole,
}


def masked_text(column: str, text: str) -> str:
    """A value of one of Person's sealed columns as everyone may see it; nothing stays nothing."""
    text = text.strip()
    return _MASKS[column](text) if text not in ("", ERASED) else text


_RUN = re.compile(r"(?<![0-9@])(?<!rp)(?<!rp[. ])\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII | re.IGNORECASE)
_GROUP = re.compile(r"[^ ]+")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")  # 850.000.000
_NO_DIGIT = re.compile(r"[^0-9]")
_BORN = re.compile(r"[0-9]{6}(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{6}", re.ASCII)  # in a NIK
_AROUND = " .-()"  # stands beside a number and is none of it
_DIALLED = re.compile(r"\+|\(?0|62|8[1-9]")  # how a telephone number begins as people write it
_TELLING = re.compile(r"[0-9@]")  # without any of these there is nothing to be found
_CLOCK = r"[0-2]?[0-9][.][0-5][0-9]"
_DAY = r"[0-3]?[0-9][.-][01]?[0-9][.-](?:19|20)?[0-9][0-9]"
_WHEN = re.compile(rf"{_CLOCK}(?:-{_CLOCK})?|{_DAY}", re.ASCII)  # 08.00-15.00, 08-11-2026: no part of a number
_GROUPS = 16  # that a number may be written in: a NIK figure by figure
_ALONE = 11  # digits: so many without a blank are a number by themselves, whatever follows
_LONGEST = 200  # characters of a run of digits that is taken for numbers; a longer one is a table


@dataclass
class FoundNumbers:
    """What stood in some texts, by the column of a person that may hold it; each once, in their order."""

    nik: list[str] = field(default_factory=list)
    phone: list[str] = field(default_factory=list)
    email: list[str] = field(default_factory=list)
    spared: Container[str] = frozenset()  # what is nobody's of the case: left as it stands
    mark: str | None = None  # what stands in the place of each; its mask if none is given

    def __bool__(self) -> bool:
        return bool(self.nik or self.phone or self.email)

    def all_of(self, column: str) -> list[str]:
        """Each once, in their order; telephone numbers as they are dialled in the country."""
        every = list[str](dict.fromkeys(getattr(self, column)))
        return [f"0{n.removeprefix(COUNTRY)}" if column == "phone" and n.startswith(COUNTRY) else n for n in every]

    def without_numbers(self, text: str) -> str:
        """The text with each of them masked; what is taken out is noted here."""
        masked = _MAIL.sub(self._masked_address, text)
        return _RUN.sub(self._masked_run, masked)

    def _masked_address(self, at: re.Match[str]) -> str:
        return at[0] if at[0] in self.spared else self._note("email", [at[0]], masked_email(at[0]))

    def _masked_run(self, run: re.Match[str]) -> str:
        written = run[0]
        if len(written) > _LONGEST or _MONEY.fullmatch(written.strip("()")):
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
        """Behind which group the numbers end that begin with this one; 0 if none do."""
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
            return f"{before}{self._note('nik', niks, _each(niks, masked_nik))}{behind}"
        return f"{before}{self._note('phone', phones, _each(phones, masked_phone))}{behind}"

    def _note(self, column: str, numbers: list[str], instead: str) -> str:
        getattr(self, column).extend(numbers)
        return instead if self.mark is None else self.mark


def _is_number(part: str, whole: str) -> bool:
    """Whether it is a NIK or a telephone number, or several of one kind. What is put together of a longer row of
    figures is a NIK only if it holds a day of birth."""
    core = part.strip(_AROUND)
    if any(_MONEY.fullmatch(group) or _WHEN.fullmatch(group) for group in core.split()):
        return False
    if niks := niks_in(core):
        return part == whole or " " not in core or all(map(_BORN.fullmatch, niks))
    return bool(_DIALLED.match(core) and numbers_in(core))


def _each(numbers: list[str], masked: Callable[[str], str]) -> str:
    return ", ".join(map(masked, numbers))


_public: list[Callable[[], Set[str]]] = []


def public_numbers() -> Set[str]:
    """The numbers and addresses that are nobody's of a case: the office's own."""
    return _public[0]() if _public else frozenset()


def spare(public: Callable[[], Set[str]]) -> None:
    """From now on the numbers and addresses that this tells stay as they stand: the office's own."""
    _public[:] = [public]


def masked_words(text: str) -> str:
    """A text as everyone may see it. What the office's own numbers are is asked only where there is any number."""
    if not _TELLING.search(text):
        return text
    found = FoundNumbers()
    masked = found.without_numbers(text)
    if not (found.phone or found.email):
        return masked
    return FoundNumbers(spared=public_numbers()).without_numbers(text)


def masked_value(value: Any) -> Any:
    """The same of a text or of several; anything else as it is."""
    if isinstance(value, str):
        return masked_words(value)
    return [masked_value(part) for part in value] if isinstance(value, list) else value


class _Masked(pw.FieldAccessor):
    """What a row tells of such a column when it is asked for its attribute."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        return masked_value(super().__get__(instance, instance_type))


_MASKED: set[pw.Field] = set()


def mask_typed(model: type[pw.Model], names: Iterable[str]) -> None:
    """These columns hold what people type: they tell it masked."""
    for name in names:
        column = model._meta.fields[name]
        _MASKED.add(column)
        setattr(model, name, _Masked(model, column, name))


def is_masked(column: pw.Field) -> bool:
    return column in _MASKED
