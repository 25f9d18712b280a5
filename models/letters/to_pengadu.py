"""Letters to the pengadu: the words, whether and where he is reached, queued with the act, or copied by hand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.number import STAND_IN, written
from models.letters.letter import Words, address_objection
from models.letters.queue import NewLetter, QueuedLetter, ReadyLetter, WithheldLetter, drop_waiting, last_events, queue
from models.letters.smtp import sends_letters
from models.office.settings import TELL_CITIZENS, Settings, values
from models.office.wording import BLANK, LETTER, PREFIX, WORDING, Wording
from models.store.base import among, now
from models.store.seal import Seal
from sop.access import LOGGED, SECRECY
from sop.procedure import Transition
from sop.vocabulary import REGISTER, vocabulary
from sop.words import contact_in_a_sentence

DISCREET = "rahasia"  # the text for all that a letter must not name
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
    number = written(REGISTER, SAMPLE_PLACE, at, settings, "")
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


WRITTEN_TO = ("pengadu", "kuasa")  # the first of them who has an address
DO_NOT_CALL = "Pada pengaduan ini tertulis “Jangan ditelepon”; surel tidak dikirim otomatis."
SAFE_WAY = "Pada pengaduan ini ada cara menghubungi yang aman; surel tidak dikirim otomatis."
NO_ADDRESS = "Pengadu tidak mencantumkan alamat surel."
ERASED = "Data pribadi pada pengaduan ini sudah dihapus."
UNFIT = "Alamat surel pengadu tidak dapat dikirimi surel. {}"


class Reached(NamedTuple):
    """The address, or why there is none that a letter may go to; whether it only has to be put right."""

    address: str
    why_not: str = ""
    is_unfit: bool = False


def needs_care(people: Iterable[Person]) -> bool:
    """Whether somebody in the case must not be called, or only in a way that was agreed on."""
    return any(person.do_not_call or person.safe_contact for person in people)


def silence(people: Iterable[Person]) -> str:
    """Why nobody in the case gets a letter, "" if somebody may; without opening any seal."""
    everybody = list(people)
    if any(person.do_not_call for person in everybody):
        return DO_NOT_CALL
    if any(person.safe_contact for person in everybody):
        return SAFE_WAY
    return "" if _written_to(everybody) else NO_ADDRESS


def reached(people: Iterable[Person], seal: Seal) -> Reached:
    everybody = list(people)
    if seal.is_gone:
        return Reached("", ERASED)
    if why := silence(everybody):
        return Reached("", why)
    person = _written_to(everybody)[0]
    address = seal.open_text(f"{person.kind}.email", person.email).strip()
    if not address:
        return Reached("", NO_ADDRESS)
    objection = address_objection(address)
    return Reached("", UNFIT.format(objection), is_unfit=True) if objection else Reached(address)


def _written_to(people: list[Person]) -> list[Person]:
    by_kind = {person.kind: person for person in people if person.email}
    return [by_kind[kind] for kind in WRITTEN_TO if kind in by_kind]


KIND = "pengadu"
OFF = "Kantor sedang tidak mengabari pengadu lewat surel."
TAKEN_BACK = "Langkah yang dikabarkannya sudah ditarik kembali."
RECALLED = "recall"  # the effect by which an act is taken back


class ToldAct(NamedTuple):
    """An act that was performed on a case, and the last one before it."""

    complaint: Complaint
    act: Transition
    undone: str


def tells_citizens(settings: Settings) -> bool:
    """Whether letters go to those who complained: the office has switched it on and can send. Invented people of the
    demo may have somebody's real address."""
    return bool(settings[TELL_CITIZENS] and sends_letters(settings) and not settings.get("site.demo"))


def queue_told(acts: Sequence[ToldAct], settings: Settings) -> None:
    """Queue what these acts tell, in their own transaction; what the same case still had waiting of an act that is
    taken back goes. The same is not told twice in a row, as by a disposition that was given back. What came with a file
    is answered where it came from."""
    if not tells_citizens(settings):
        return
    for act in acts:
        if act.act.effect == RECALLED and (word := vocabulary().acts[act.undone].tells):
            drop_waiting(act.complaint.id, word)
    queue(_new_letters([act for act in acts if act.act.tells and not act.complaint.imported]), now())


def _new_letters(acts: Sequence[ToldAct]) -> Iterator[NewLetter]:
    cases = [act.complaint.id for act in acts]
    people, last = people_of(cases), last_events(cases, KIND)
    for case, act, _ in acts:
        if last.get(case.id) != act.tells and not silence(people[case.id]):
            yield NewLetter(_beginning_of_key(case.id, case.version) + act.tells, KIND, act.tells, case=case.id)


def compose_told(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """The letter by what the case says now: its secrecy, its marks, its address."""
    complaint, settings = Complaint.get_by_id(letter.complaint_id), values(at.date())
    people = people_of([complaint.id])[complaint.id]
    if why := obstacle(letter, people, settings):
        return WithheldLetter(why)
    seal = open_seals([complaint.id])[complaint.id]
    to = reached(people, seal)
    if to.why_not:
        return WithheldLetter(to.why_not, can_be_mended=to.is_unfit)
    words = told_letter(letter.event, complaint, settings)
    return ReadyLetter(to.address, words, named=not is_discreet(complaint), seal=seal)


def obstacle(letter: QueuedLetter, people: Iterable[Person], settings: Settings) -> str:
    """Why a letter that was queued does not go any more, "" if it may; without opening any seal."""
    if not tells_citizens(settings):
        return OFF
    return silence(people) or ("" if _is_in_force(letter) else TAKEN_BACK)


def people_of(cases: Iterable[int]) -> dict[int, list[Person]]:
    people: dict[int, list[Person]] = defaultdict(list)
    wanted = list(cases)
    for person in Person.select().where(among(Person.complaint, wanted)) if wanted else ():
        people[person.complaint_id].append(person)
    return people


def last_told(complaint: int) -> str:
    """What the pengadu was to be told last, by the history; "" if nothing yet. An act that was taken back is none."""
    return next((step.tells for step, _ in _telling_acts(complaint)), "")


def _is_in_force(letter: QueuedLetter) -> bool:
    """Whether the act that it tells of was not taken back, be it while the letter was on its way."""
    case = letter.complaint_id
    return any(letter.key.startswith(_beginning_of_key(case, version)) for _, version in _telling_acts(case))


def _beginning_of_key(complaint: int, version: int) -> str:
    """Without what it tells: that word may be another one in the next release."""
    return f"{KIND}/{complaint}/{version}/"


def _telling_acts(complaint: int) -> Iterator[tuple[Transition, int]]:
    """What was done with the case that tells something and was not taken back, the latest first, with the version that
    it gave the case."""
    keys = [key for key, step in vocabulary().acts.items() if step.tells or step.effect == RECALLED]
    query = Event.select(Event.act, Event.state_from, Event.state_to, Event.version)
    undone: Counter[tuple[str, str]] = Counter()
    for act, was, became, version in (
        query.where((Event.complaint == complaint) & Event.act.in_(keys)).order_by(Event.id.desc()).tuples()
    ):
        step = vocabulary().acts[act]
        if step.effect == RECALLED:
            undone[became, was] += 1
        elif undone[was, became]:
            undone[was, became] -= 1
        else:
            yield step, version


def ready_messages(complaint: Complaint, people: Mapping[str, Person], settings: Settings) -> dict[str, str]:
    """The text by who it is for; none while nothing has been told or there is no number to tell, where somebody must be
    reached with care, or for whom the complaint is about, who may not know of it."""
    if needs_care(people.values()) or complaint.number.startswith(STAND_IN):
        return {}
    if not (event := last_told(complaint.id)):
        return {}
    text = chat_text(event, complaint, settings)
    return {kind: text for kind in WRITTEN_TO if kind in people}
