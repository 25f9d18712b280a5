"""What is told, in the office's own words; of a rahasia case nothing but that there is something to ask for."""

from datetime import datetime

from models.mail.letter import Words
from models.office.settings import Settings
from models.office.wording import BLANK, LETTER, PREFIX, WORDING, Wording
from models.tables.complaint import Complaint
from models.tables.number import written
from sop import flow
from sop.access import LOGGED, SECRECY
from sop.words import contact_in_a_sentence

DISCREET = "rahasia"  # the text of all that must not be told of
TELLS = {
    one.key.partition(".")[2]: one.label
    for one in WORDING.values()
    if one.is_letter and one.key != f"{LETTER}.{DISCREET}"
}

SAMPLE_PLACE = 12  # in the count of numbers, of an invented case
SUBJECT, DISCREET_SUBJECT = "Kabar tentang pengaduan Bapak/Ibu", "Kabar dari kantor kami"
LETTER_TEXT = """\
Yth. Bapak/Ibu,

{text}

Surel ini dikirim otomatis; balasannya tidak dibaca.
"""


def is_discreet(complaint: Complaint) -> bool:
    """Whether neither number nor category, unit or outcome may leave the office; nor that there is a rahasia case which
    this one repeats."""
    head: Complaint | None = complaint.duplicate_of
    return complaint.secrecy in LOGGED or (head is not None and head.secrecy in LOGGED)


def told_text(event: str, complaint: Complaint, settings: Settings) -> str:
    """What the pengadu is told, as one paragraph, by the secrecy that the case has now."""
    if is_discreet(complaint):
        return discreet_text(settings)
    told = {"nomor": complaint.number, "kontak": _contact(settings)}
    return filled_text(settings[f"{PREFIX}{LETTER}.{event}"], told)


def discreet_text(settings: Settings) -> str:
    phone = _in_one_line(settings["office.phone"])
    blanks = {"telepon": f" melalui telepon {phone}" if phone else ""}
    return filled_text(settings[f"{PREFIX}{LETTER}.{DISCREET}"], blanks)


def told_letter(event: str, complaint: Complaint, settings: Settings) -> Words:
    """The same as a letter: its subject and its end say of a rahasia case no more than its text."""
    text = LETTER_TEXT.format(text=told_text(event, complaint, settings))
    if is_discreet(complaint):
        return Words(DISCREET_SUBJECT, text)
    return Words(SUBJECT, f"{text}\n{settings['panel.office']}\n")


def chat_text(event: str, complaint: Complaint, settings: Settings) -> str:
    """The same as a message that somebody sends by his own hand."""
    end = "" if is_discreet(complaint) else f"\n\n{settings['panel.office']}"
    return f"Yth. Bapak/Ibu,\n\n{told_text(event, complaint, settings)}{end}"


def sample_letter(text: Wording, settings: Settings, at: datetime) -> Words:
    """The letter that a standing text is said in, of an invented case."""
    event = text.key.removeprefix(f"{LETTER}.")
    number = written(flow.RECEIVE.series, SAMPLE_PLACE, at, settings, "")
    invented = Complaint(number=number, secrecy=next(iter(LOGGED if event == DISCREET else SECRECY)))
    return told_letter(event, invented, settings)


def filled_text(text: str, blanks: dict[str, str]) -> str:
    """A standing text with its blanks filled in, once: what they hold is never filled in again."""
    return BLANK.sub(lambda blank: blanks.get(blank[1], ""), text)


def _contact(settings: Settings) -> str:
    """Where the office is reached, after a comma; "" where it has said nothing of it."""
    phone, web = (_in_one_line(settings[key]) for key in ("office.phone", "office.web"))
    return "".join(filter(None, (phone and f", telepon {phone}", web and f", {contact_in_a_sentence(web)}")))


def _in_one_line(text: str) -> str:
    return " ".join(str(text).split())
