"""Letters to the pengadu: queued with the act that the table says tells, composed when they go."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from models.mail.outbox import sends_letters
from models.office.settings import TELL_CITIZENS, Settings, values
from models.post.kinds import ReadyLetter, WithheldLetter
from models.post.queue import NewLetter, QueuedLetter, drop_waiting, last_events, queue
from models.store.base import among, now
from models.tables.complaint import Complaint, Person
from models.tables.event import Event, open_seals
from models.telling.reached import reached, silence
from models.telling.words import is_discreet, told_letter
from sop import flow
from sop.procedure import Transition

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
        if act.act.effect == RECALLED and (word := flow.KNOWN[act.undone].tells):
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
    keys = [key for key, step in flow.KNOWN.items() if step.tells or step.effect == RECALLED]
    query = Event.select(Event.act, Event.state_from, Event.state_to, Event.version)
    undone: Counter[tuple[str, str]] = Counter()
    for act, was, became, version in (
        query.where((Event.complaint == complaint) & Event.act.in_(keys)).order_by(Event.id.desc()).tuples()
    ):
        step = flow.KNOWN[act]
        if step.effect == RECALLED:
            undone[became, was] += 1
        elif undone[was, became]:
            undone[was, became] -= 1
        else:
            yield step, version
