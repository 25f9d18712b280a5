"""E-mails to the pengadu: texts, whether and where he may be written to, queueing with the act, and chat messages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.number import STAND_IN, formatted_number
from models.email.message import Words, address_objection
from models.email.queue import NewEmail, QueuedEmail, ReadyEmail, WithheldEmail, drop_waiting, last_events, queue
from models.email.smtp import sends_email
from models.office.settings import TELL_CITIZENS, Settings, values
from models.office.wording import BLANK, EMAIL, PREFIX, WORDING, Wording
from models.store.base import among, now
from models.store.seal import Seal
from sop.access import LOGGED, SECRECY
from sop.procedure import Transition
from sop.vocabulary import REGISTER, vocabulary
from sop.words import contacts_in_a_sentence

DISCREET = "rahasia"  # key of the text without case data
TELLS = {
    wording.key.partition(".")[2]: wording.label
    for wording in WORDING.values()
    if wording.is_email and wording.key != f"{EMAIL}.{DISCREET}"
}

SAMPLE_PLACE = 12  # sequence number of the sample case
SUBJECT, DISCREET_SUBJECT = "Kabar tentang pengaduan Bapak/Ibu", "Kabar dari kantor kami"
LETTER_TEXT = """\
Yth. Bapak/Ibu,

{text}

Surel ini dikirim otomatis; balasannya tidak dibaca.
"""


def is_discreet(complaint: Complaint) -> bool:
    """Whether e-mails must not contain data of the case: it is rahasia, or a duplicate of a rahasia case."""
    head: Complaint | None = complaint.duplicate_of
    return complaint.secrecy in LOGGED or (head is not None and head.secrecy in LOGGED)


def act_text(event: str, complaint: Complaint, settings: Settings) -> str:
    """The text for the pengadu as one paragraph, by the present secrecy of the case."""
    if is_discreet(complaint):
        return discreet_text(settings)
    phone, web = (_in_one_line(settings[key]) for key in ("office.phone", "office.web"))
    blanks = {"nomor": complaint.number, "kontak": contacts_in_a_sentence(phone, web)}
    return filled_text(settings[f"{PREFIX}{EMAIL}.{event}"], blanks)


def discreet_text(settings: Settings) -> str:
    phone = _in_one_line(settings["office.phone"])
    blanks = {"telepon": f" melalui telepon {phone}" if phone else ""}
    return filled_text(settings[f"{PREFIX}{EMAIL}.{DISCREET}"], blanks)


def act_email(event: str, complaint: Complaint, settings: Settings) -> Words:
    """The text as an e-mail; subject and signature reveal no more than the text."""
    text = LETTER_TEXT.format(text=act_text(event, complaint, settings))
    if is_discreet(complaint):
        return Words(DISCREET_SUBJECT, text)
    return Words(SUBJECT, f"{text}\n{settings['panel.office']}\n")


def chat_text(event: str, complaint: Complaint, settings: Settings) -> str:
    """The text as a chat message to be sent by a user."""
    end = "" if is_discreet(complaint) else f"\n\n{settings['panel.office']}"
    return f"Yth. Bapak/Ibu,\n\n{act_text(event, complaint, settings)}{end}"


def sample_email(text: Wording, settings: Settings, at: datetime) -> Words:
    """Preview of an e-mail text for an invented case."""
    event = text.key.removeprefix(f"{EMAIL}.")
    number = formatted_number(REGISTER, SAMPLE_PLACE, at, settings, "")
    invented = Complaint(number=number, secrecy=next(iter(LOGGED if event == DISCREET else SECRECY)))
    return act_email(event, invented, settings)


def filled_text(text: str, blanks: dict[str, str]) -> str:
    """A text with its placeholders replaced in a single pass: placeholders in values are not replaced."""
    return BLANK.sub(lambda blank: blanks.get(blank[1], ""), text)


def _in_one_line(text: str) -> str:
    return " ".join(str(text).split())


WRITTEN_TO = ("pengadu", "kuasa")  # recipients; the first with an address
DO_NOT_CALL = "Pada pengaduan ini tertulis “Jangan ditelepon”; surel tidak dikirim otomatis."
SAFE_WAY = "Pada pengaduan ini ada cara menghubungi yang aman; surel tidak dikirim otomatis."
NO_ADDRESS = "Pengadu tidak mencantumkan alamat surel."
ERASED = "Data pribadi pada pengaduan ini sudah dihapus."
UNFIT = "Alamat surel pengadu tidak dapat dikirimi surel. {}"


class Reached(NamedTuple):
    """The address, or the sentence why no e-mail may be sent; `is_unfit` if the address only has to be corrected."""

    address: str
    why_not: str = ""
    is_unfit: bool = False


def needs_care(people: Iterable[Person]) -> bool:
    """Whether a person of the case must not be called, or has a safe way of contact."""
    return any(person.do_not_call or person.safe_contact for person in people)


def no_email_sentence(people: Iterable[Person]) -> str:
    """The sentence why no person of the case gets e-mails, "" if one may; without decrypting anything."""
    persons = list(people)
    if any(person.do_not_call for person in persons):
        return DO_NOT_CALL
    if any(person.safe_contact for person in persons):
        return SAFE_WAY
    return "" if _written_to(persons) else NO_ADDRESS


def reached(people: Iterable[Person], seal: Seal) -> Reached:
    persons = list(people)
    if seal.is_gone:
        return Reached("", ERASED)
    if why := no_email_sentence(persons):
        return Reached("", why)
    person = _written_to(persons)[0]
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
RECALLED = "recall"  # effect of acts that recall another


class PerformedAct(NamedTuple):
    """An act performed on a case, and the key of the act that it recalls, if it does."""

    complaint: Complaint
    act: Transition
    undone: str


def mails_citizens(settings: Settings) -> bool:
    """Whether e-mails are sent to the pengadu: enabled and configured, and not in the demo, whose invented addresses
    may exist."""
    return bool(settings[TELL_CITIZENS] and sends_email(settings) and not settings.get("site.demo"))


def queue_act_emails(acts: Sequence[PerformedAct], settings: Settings) -> None:
    """Queue the e-mails about these acts, in the transaction of the acts, and delete waiting ones about recalled acts.
    The same event is not sent twice in a row, as after a repeated disposition. Imported complaints are answered at
    their source."""
    if not mails_citizens(settings):
        return
    for act in acts:
        if act.act.effect == RECALLED and (event := vocabulary().acts[act.undone].tells):
            drop_waiting(act.complaint.id, event)
    reported = [(case, act.tells) for case, act, _ in acts if act.tells and not case.imported]
    cases = [case.id for case, _ in reported]
    people, last = people_of(cases), last_events(cases, KIND)
    emails = [
        NewEmail(_beginning_of_key(case.id, case.version) + event, KIND, event, case=case.id)
        for case, event in reported
        if last.get(case.id) != event and not no_email_sentence(people[case.id])
    ]
    queue(emails, now())


def compose_act_email(email: QueuedEmail, at: datetime) -> ReadyEmail | WithheldEmail:
    """Compose an e-mail by the present secrecy, marks and address of the case."""
    complaint, settings = Complaint.get_by_id(email.complaint_id), values(at.date())
    people = people_of([complaint.id])[complaint.id]
    if why := obstacle(email, people, settings):
        return WithheldEmail(why)
    seal = open_seals([complaint.id])[complaint.id]
    to = reached(people, seal)
    if to.why_not:
        return WithheldEmail(to.why_not, can_be_mended=to.is_unfit)
    words = act_email(email.event, complaint, settings)
    return ReadyEmail(to.address, words, named=not is_discreet(complaint), seal=seal)


def obstacle(email: QueuedEmail, people: Iterable[Person], settings: Settings) -> str:
    """The sentence why a queued e-mail is not sent any more, "" if it may be; without decrypting anything."""
    if not mails_citizens(settings):
        return OFF
    if sentence := no_email_sentence(people):
        return sentence
    case = email.complaint_id
    in_force = any(email.key.startswith(_beginning_of_key(case, version)) for _, version in _telling_acts(case))
    return "" if in_force else TAKEN_BACK


def people_of(cases: Iterable[int]) -> dict[int, list[Person]]:
    people: dict[int, list[Person]] = defaultdict(list)
    wanted = list(cases)
    for person in Person.select().where(among(Person.complaint, wanted)) if wanted else ():
        people[person.complaint_id].append(person)
    return people


def last_email_event(complaint: int) -> str:
    """The last event for the pengadu by the history, without recalled acts; "" if there is none."""
    return next((step.tells for step, _ in _telling_acts(complaint)), "")


def _beginning_of_key(complaint: int, version: int) -> str:
    """The key's prefix without the event, which may be renamed by a release."""
    return f"{KIND}/{complaint}/{version}/"


def _telling_acts(complaint: int) -> Iterator[tuple[Transition, int]]:
    """The acts with an e-mail event that were not recalled, newest first, with the version that each gave the case."""
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
    """The chat text by kind of recipient; empty if there is no event or no register number yet, or if a person must be
    contacted with care. Never for the person concerned, who may not know of the complaint."""
    if needs_care(people.values()) or complaint.number.startswith(STAND_IN):
        return {}
    if not (event := last_email_event(complaint.id)):
        return {}
    text = chat_text(event, complaint, settings)
    return {kind: text for kind in WRITTEN_TO if kind in people}
