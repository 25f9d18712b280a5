"""Texts of papers: standard wording, formats of values and times, titles, the parties of a Berita Acara."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from models.complaint.complaint import NAMELESS, WITHHELD, Person, name_stand_in
from models.office.wording import BLANK, WORDING
from models.records.in_words import FORMAT, value_in_words
from models.records.main_line import CAPACITIES, WITHOUT_RECEIVER
from models.store.base import labels_of
from papers.layout.formats import UNPARTED, Content, escape_of_format, format_of
from papers.layout.glyphs import is_arabic, whole_phrases, width
from sop.words import format_clock, format_date, format_duration, spoken_title

GAP = "…………"
# Shared macros do not see the paper's content; its wording is in these context variables while it is rendered.
_frozen: ContextVar[dict[str, str]] = ContextVar("wording", default={})  # noqa: B039 - never mutated
_printable: ContextVar[Callable[[str], Markup]] = ContextVar("letters", default=escape_of_format(FORMAT))  # noqa: B039
_format: ContextVar[int] = ContextVar("format", default=FORMAT)


@contextmanager
def wording(content: Mapping[str, Any]) -> Iterator[None]:
    """Within the block `say` uses the wording that was frozen with this paper, or the default wording."""
    number = format_of(content)
    before, letters = _frozen.set(content.get("wording", {})), _printable.set(escape_of_format(number))
    former = _format.set(number)
    try:
        yield
    finally:
        _frozen.reset(before)
        _printable.reset(letters)
        _format.reset(former)


def say(key: str, **blanks: object) -> Markup:
    """A standard text with its blanks filled in. Values are escaped, and blanks within values are not filled."""
    pieces, printable = BLANK.split(text_of(key)), _printable.get()
    filled = (_filled(blanks, piece) if at % 2 else printable(piece) for at, piece in enumerate(pieces))
    written = Markup("").join(filled)
    if _format.get() < UNPARTED:
        return written
    return whole_phrases(written.replace("sebagai berikut", "sebagai\xa0berikut"))


def listed(key: str) -> list[str]:
    """The lines of a standard list."""
    return text_of(key).splitlines()


def text_of(key: str) -> str:
    return _frozen.get().get(key) or WORDING[key].text


def _filled(blanks: Mapping[str, object], name: str) -> Markup:
    value = blanks.get(name, GAP)
    return value if isinstance(value, Markup) else _printable.get()(str(value))


_FIRST = re.compile(r"^[A-Z](?=[a-z]*\b)")  # the first letter of a word without other capitals
_SMALL = ("Plt.", "Plh.", "Pj.", "a.n.", "u.b.")  # not capitalised within a title in capitals


def printed_value(value: Any) -> str:
    """A value as printed: list items separated by semicolons, a dash for an empty value."""
    return value_in_words(value, between="; ", nothing="–")


def when(moment: str | None) -> datetime | None:
    """Parse an ISO 8601 text; None for an empty one."""
    return datetime.fromisoformat(moment) if moment else None


def moment(at: datetime | None) -> str:
    """The long form of papers: 24 November 2026 pukul 09.14 WIB."""
    return f"{format_date(at)} pukul {format_clock(at)}" if at else ""


def blank(record: Content, name: str) -> Any:
    """A record's blank; a moment in the format of papers."""
    return moment(when(record.get("moments", {}).get(name))) or record["blanks"][name]


def lowered(words: str) -> str:
    """One of our own choices within a sentence: "Telepon" becomes telepon; WhatsApp and SP4N-LAPOR! are unchanged."""
    return _FIRST.sub(lambda first: first[0].lower(), words)


_COMMON_MEDIUM = re.compile(r"^(?:Datang|Kelurahan|Kotak|Limpahan|Media|Surat|Surel|Telepon)(?=[ /]|$)")


def common_medium(words: str) -> str:
    """A medium within a sentence: "Surat" becomes surat; a name such as WhatsApp or Instagram is unchanged."""
    return _COMMON_MEDIUM.sub(lambda first: first[0].lower(), words)


def in_short(choice: str) -> str:
    """The same without what explains it: kanal asal pengaduan."""
    return lowered(choice.partition(" (")[0])


_COMMON_PLACE = re.compile(r"^(?:Loket|Ruang|Ruangan|Aula|Balai|Kantor|Rumah|Kediaman|Tempat)(?= [a-z]|$)")


def common_place(words: str) -> str:
    """A place within a sentence: "Loket pengaduan" becomes loket pengaduan; a name such as Rumah Sakit is unchanged."""
    return _COMMON_PLACE.sub(lambda first: first[0].lower(), words)


def pengadu(complaint: Content, persons: Content) -> str:
    """The pengadu's name on a paper that others see; never the name of a rahasia one."""
    return _stand_in(complaint) or printed_value(persons.get("pengadu", {}).get("name"))


def pengadu_and_kuasa(complaint: Content, persons: Content) -> str:
    """Slamet Riyadi melalui kuasanya, Dewi Lestari, S.H.; the kuasa only where the pengadu himself is named."""
    name, kuasa = pengadu(complaint, persons), persons.get("kuasa", {}).get("name")
    return f"{name} melalui kuasanya, {kuasa}" if kuasa and not _stand_in(complaint) else name


def pengadu_in_a_sentence(complaint: Content, persons: Content) -> str:
    """pengadu Slamet Riyadi, pengadu tanpa nama, pengadu yang identitasnya dirahasiakan."""
    name = pengadu_and_kuasa(complaint, persons)
    if _stand_in(complaint):
        name = lowered(name) if name != WITHHELD else f"yang identitasnya {lowered(name)}"
    return f"pengadu {name}"


_NAMELESS_SINCE = 5  # the first format that says "Tanpa nama"; earlier ones put "Dirahasiakan" before "Anonim"


def _stand_in(complaint: Content) -> str:
    anonymous, secret = complaint["anonymous"], complaint["is_secret"]
    if _format.get() < _NAMELESS_SINCE:
        return WITHHELD if secret else "Anonim" if anonymous else ""
    return name_stand_in(anonymous=anonymous, secret=secret)


def parted(number: str, room: float) -> list[str]:
    """A paper's number in lines of at most `room` (em), broken after slashes."""
    before, line = list[str](), ""
    for piece in re.findall(r"[^/]+/*|/+", number):
        if line and width(line + piece, "LiberationSans-Regular") > room:
            before, line = [*before, line], ""
        line += piece
    return [*before, line]


_LABEL = re.compile(
    r"\b(telepon|telp\.?|faks(?:imile)?|surel|e-?mail|laman|situs|whatsapp|wa)(:?) +(?=\S)", re.IGNORECASE
)
_IN_A_NUMBER = re.compile(r"(?<=[\d)]) +(?=\d)")  # (0341) 123 456


def unparted(line: str) -> Markup:
    """A line of the letterhead, in which no number parts from its area code, and no address from what it is one of."""
    written = _LABEL.sub(r"\1\2&nbsp;", str(_printable.get()(line)))
    return Markup(_IN_A_NUMBER.sub("&nbsp;", written))  # noqa: S704 - printed by our own escape


def unbroken(text: str) -> Markup:
    """A text with its no-break spaces, of which the escape of papers makes plain ones."""
    return Markup("&nbsp;").join(_printable.get()(part) for part in text.split("\xa0"))


_BEFORE_A_DEGREE = re.compile(r", (?=[A-Z]\w{0,3}\.)")  # Harsono Wibisana, M.Si.


def with_degrees(name: str) -> str:
    """A name from which no line parts its degrees."""
    return _BEFORE_A_DEGREE.sub(",\xa0", name)


def tied(text: str) -> Markup:
    """A text with its no-break spaces, or a standard text, whose last word does not stand alone on a line."""
    whole = text if isinstance(text, Markup) else unbroken(text)
    return Markup(_LAST.sub("&nbsp;", str(whole)))  # noqa: S704 - only spaces were replaced


def evidence_listed(complaint: Content) -> str:
    """The evidence that was handed in: what was written down of it, and its files, numbered if there are several; a
    paper of before there was any lists none."""
    named = "; ".join((complaint.get("evidence") or "").splitlines()).removesuffix(".")
    pieces = complaint.get("attachments", [])
    files = "; ".join(
        f"{place}.\xa0" * (len(pieces) > 1)
        + one["name"]
        + f" (di luar panel, disimpan di {one['place']})" * bool(one["place"])
        for place, one in enumerate(pieces, 1)
    )
    return ". Berkas: ".join(filter(None, (named, files)))


_LAST, _SHORT_LAST = re.compile(r" (?=[^ ]{1,8}$)"), re.compile(r" (?=\S{1,5}$)")


def with_area(where: str, area: Content) -> str:
    """The filter `with_area`: an address or a place with its kelurahan and kecamatan, where it does not name them."""
    named = ((of, area.get(name) or "") for of, name in (("Kel.", "kelurahan"), ("Kec.", "kecamatan")))
    return ", ".join([where, *(f"{of} {name}" for of, name in named if name and name not in where)])


def ended(text: str) -> Markup:
    """A paragraph whose last word, if short, does not stand alone on a line of its own."""
    return Markup(_SHORT_LAST.sub("\xa0", str(_printable.get()(text.rstrip()))))  # noqa: S704 - our own escape


_MARKED = re.compile(r" *(\t*) *(?:([-–•*]|\(?[\w.]{1,4}[.)])\t\s*)?(.*)", re.DOTALL)
_DEEPEST = 4


@dataclass(frozen=True)
class TypedLine:
    """A line as somebody typed it: its text, and the names of the styles that keep its tabs and its side."""

    text: str
    styles: str


def typed_line(line: str) -> TypedLine:
    """Tabs before a line indent it, one behind the mark of a list lets the other lines hang under its text; a line in
    Arabic begins at the right."""
    tabs, mark, text = _MARKED.fullmatch(line.rstrip()).groups("")  # type: ignore[union-attr]  # it matches any
    styles = [f"deep{min(len(tabs), _DEEPEST)}"] if tabs else []
    styles += ["hanging"] if mark else []
    styles += ["rightwards"] if is_arabic(text) else []
    return TypedLine(f"{mark} {text}".strip(), " ".join(styles))


def addressed(title: str, office: Content) -> str:
    """The addressee of a letter: the post of the Kepala Dinas with the full name of the office and the city."""
    post = spoken_title(title or "Kepala Dinas")
    if not post.endswith("Kepala Dinas"):
        return post
    city = office["government"].removeprefix("PEMERINTAH ")
    return f"{post.removesuffix(' Dinas')} {spoken_title(' '.join((*office['name'], city)))}"


def capitals(title: str) -> list[str]:
    """A title in capitals for above a signature, a line for each part of "a.n. KEPALA DINAS / SEKRETARIS"."""
    words = (word if word in _SMALL else word.upper() for word in title.split())
    return [line.strip() for line in " ".join(words).split(" / ")]


_MINUTE = len("2026-11-24T09:45")


def lasted(minutes: float, runs: Iterable[Sequence[Any]]) -> str:
    """A duration in words; no zero where each of these runs begins and ends within one minute."""
    is_short = not minutes and all((run[1] or "")[:_MINUTE] == run[0][:_MINUTE] for run in runs)
    return "kurang dari 1 menit" if is_short else format_duration(minutes)


LABELS = labels_of(Person)
LETTER = f"Nomor {GAP * 2} tanggal {GAP * 2}"  # to be filled in by hand
NEUTRAL = "Penerima penjelasan"  # for older records without the receiver's capacity


@dataclass(frozen=True)
class SecondParty:
    """PIHAK KEDUA: label and value of each line, whether this person was present, and the name under the signature, and
    why there is no signature, or no name."""

    name: str
    rows: tuple[tuple[str, str], ...]
    present: bool
    signature: str = ""
    nameless: str = ""


def is_alone(record: Content) -> bool:
    """Whether the result reached no recipient: such a paper has one party."""
    return record["codes"].get("outcome") in WITHOUT_RECEIVER


def put_on_record(record: Content, paper: Content) -> str:
    """The moment (ISO 8601) that a Berita Acara is of: when the result was told, or the last attempt was made; that of
    the issue if there was nobody to tell it to."""
    kept = record["codes"].get("outcome") == "anonim"
    return str(paper["issued_at"] if kept else record.get("moments", {}).get("told_at") or paper["issued_at"])


def second_party(complaint: Content, persons: Content, record: Content) -> SecondParty:
    """The recipient of the result. Pengadu and kuasa are both named if there are both."""
    names, blanks, codes = _names(complaint, persons), record["blanks"], record["codes"]
    name = blanks["receiver"] or names["pengadu"]
    capacity = codes.get("capacity") or next((key for key, known in names.items() if known == name), "")
    person = persons.get(capacity, {}) if name == names.get(capacity) else {}
    present = codes.get("medium") == "tatap_muka"
    through = in_short(blanks["medium"])
    rows = (
        (LABELS["name"], name or "–"),
        (LABELS["nik"], person.get("nik", "")),
        (LABELS["kelurahan"], "/".join(filter(None, (person.get("kelurahan"), person.get("kecamatan"))))),
        ("Selaku", _capacity_text(capacity, record)),
        *((CAPACITIES[other], names.get(other, "")) for other in ("pengadu", "kuasa") if other != capacity),
        ("Kehadiran", "Hadir" if present else f"Tidak hadir (disampaikan melalui {through})"),
    )
    return SecondParty(name, tuple((label, value) for label, value in rows if value), present)


def receiving_party(complaint: Content, persons: Content, record: Content) -> SecondParty:
    """PIHAK KEDUA since the fifth format: a kuasa has a NIK, or it says that none is recorded, and room for number and
    date of his Surat Kuasa, which the panel does not store."""
    party, as_kuasa = second_party(complaint, persons, record), ("Selaku", CAPACITIES["kuasa"])
    unnamed = complaint["anonymous"] and party.name == _names(complaint, persons)["pengadu"]
    nameless = "tidak hadir" if not party.present else lowered(NAMELESS) if unnamed else ""
    party = replace(party, signature="" if unnamed else party.name, nameless=nameless)
    if as_kuasa not in party.rows:
        return party
    name, *others = party.rows
    nik = [] if others[0][0] == LABELS["nik"] else [(LABELS["nik"], "belum tercatat")]
    at = others.index(as_kuasa) + 1
    return replace(party, rows=(name, *nik, *others[:at], ("Surat Kuasa", LETTER), *others[at:]))


def _names(complaint: Content, persons: Content) -> dict[str, str]:
    """Names of pengadu and kuasa; an anonymous pengadu is identified by the register number."""
    nameless = "Pengadu anonim" if _format.get() < _NAMELESS_SINCE else NAMELESS
    nameless = f"{nameless} (nomor register {complaint['number']})"
    pengadu = nameless if complaint["anonymous"] else persons.get("pengadu", {}).get("name", "")
    return {"pengadu": pengadu, "kuasa": persons.get("kuasa", {}).get("name", "")}


def _capacity_text(capacity: str, record: Content) -> str:
    kinship = record["blanks"].get("kinship")
    related = f" ({kinship})" if capacity == "keluarga" and kinship else ""
    return f"{CAPACITIES.get(capacity, NEUTRAL)}{related}"
