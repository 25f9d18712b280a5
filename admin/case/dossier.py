"""All that a complaint's page shows of one case, in words: matter, persons, clocks, records, papers, history."""

from datetime import datetime
from functools import cached_property

from markupsafe import Markup

from admin.case.acts import ActButton, Buttons, buttons_of
from admin.case.answer import answer_parts, where_to_answer
from admin.case.kin import OtherCases, other_cases
from admin.case.letters import LettersCard, letters_card
from admin.case.matter import Pairs, matter_of, register_of, unit_of
from admin.case.paperlist import PaperLine, draft_links, paper_lines
from admin.case.persons import PersonCard, cautions, person_cards
from admin.case.promised import PromiseLine, promise_acts, promise_lines
from admin.case.sentences import HistoryEntry, history_entries
from admin.case.timesheet import Round, rounds_of
from admin.case.whereabouts import where_is_it
from admin.case.written import RecordLine, record_lines
from admin.evidence.attachments import EvidenceLine, evidence_of
from admin.kit import due
from admin.kit.news import news_lines, news_of_rows
from admin.step.likely import LikelyMark, likely_mark
from admin.step.records import Returned, return_words
from models.case.access_notes import open_until
from models.case.case import Case
from models.case.clocks import Deadline, binding_deadline
from models.case.content import Composer, missing
from models.complaint.complaint import Complaint, Person
from models.complaint.event import Event, open_seals
from models.complaint.scope import viewer, visible
from models.store.seal import GONE
from sop import flow
from sop.access import WITNESSES


class Dossier:
    """One case as its page shows it; each part is worked out when the template asks for it."""

    def __init__(self, case: Case) -> None:
        self.case, self.complaint = case, case.complaint
        self.seal = open_seals([self.complaint.id])[self.complaint.id]
        self.people: dict[str, Person] = {p.kind: p for p in Person.select().where(Person.complaint == self.complaint)}

    @property
    def gone(self) -> str:
        """Why much of the case says nothing any more: its key was destroyed; "" while there is one."""
        return GONE if self.seal.is_gone else ""

    @cached_property
    def buttons(self) -> Buttons:
        return buttons_of(self.case)

    @cached_property
    def composer(self) -> Composer:
        return Composer({self.complaint.id: self.case}, {self.complaint.id: self.seal}, at=self.case.at, demo=False)

    @property
    def marks(self) -> due.Marks:
        run = self.case.run
        return due.urgency_marks(self.complaint) + due.due_marks(self.complaint, run.started_at if run else None)

    @property
    def news(self) -> Markup:
        """What changed for the person on this case, each with since when and by whom."""
        number = self.complaint.id
        return news_lines(news_of_rows(viewer(self.case.user), [number]).get(number, ()))

    @property
    def state_badge(self) -> Markup:
        return due.state_badge(self.complaint.state)

    @property
    def due_words(self) -> str:
        return due.due_words(self.complaint)

    @property
    def where(self) -> str:
        return where_is_it(self.case, unit_of(self.complaint), str(self.original or ""))

    @property
    def deadline(self) -> Deadline:
        return binding_deadline(self.complaint)

    @property
    def paused_now(self) -> str:
        """Why no clock runs at the moment: on hold, or the office is closed."""
        if self.complaint.state == flow.HELD or self.complaint.state not in flow.OPEN_STATES:
            return ""
        return "" if due.office_clock().is_open(self.case.at) else due.CLOSED_NOW

    @property
    def returned(self) -> Returned | None:
        """Why the case came back: what was said by the detour that brought it here."""
        return return_words(self.case, self.composer)

    @cached_property
    def answers(self) -> list[str]:
        """What to write in the online medium that the complaint came by; nothing where it is answered otherwise."""
        return answer_parts(self.case)

    @property
    def answered_at(self) -> str:
        return where_to_answer(self.complaint)

    @cached_property
    def original(self) -> Complaint | None:
        """The complaint that this one repeats, if the person may see its number."""
        head = self.complaint.duplicate_of_id
        return visible(self.case.user, Complaint).where(Complaint.id == head).first() if head else None

    @cached_property
    def likely(self) -> LikelyMark:
        """The earlier cases that this one may be."""
        return likely_mark(self.case)

    @cached_property
    def others(self) -> OtherCases:
        """Other cases of the same people, the accused or the address."""
        return other_cases(self.case)

    # Matter and persons

    @property
    def matter(self) -> Pairs:
        return matter_of(self.case)

    @property
    def register(self) -> Pairs:
        return register_of(self.complaint)

    @property
    def missing(self) -> list[str]:
        return missing(self.complaint, self.people.get("pengadu"))

    @cached_property
    def opened(self) -> dict[str, datetime]:
        """Whose numbers the person has open, and until when."""
        return open_until(self.case)

    @property
    def persons(self) -> list[PersonCard]:
        return person_cards(self.people, self.case, self.seal, self.opened)

    @property
    def safe_ways(self) -> list[tuple[str, str]]:
        """(name, what to heed) of each person who is to be reached with care."""
        return cautions(self.people, self.complaint)

    @property
    def may_see_onlookers(self) -> bool:
        """Whether the person may know who has looked at the case."""
        return bool(self.case.standings & WITNESSES)

    @cached_property
    def letters(self) -> LettersCard | None:
        """What the pengadu was told by letter, for who may see how he is reached."""
        return letters_card(self.case, self.people, self.seal)

    # Clocks, papers, records, history

    @cached_property
    def rounds(self) -> list[Round]:
        return rounds_of(self.complaint, self.case.at)

    @cached_property
    def papers(self) -> list[PaperLine]:
        """Issued papers, the newest first."""
        return paper_lines(self.case)

    @cached_property
    def promises(self) -> list[PromiseLine]:
        """What was promised: what waits first."""
        return promise_lines(self.case)

    @property
    def promise_acts(self) -> list[ActButton]:
        return promise_acts(self.buttons.others)

    @property
    def drafts(self) -> list[tuple[str, str]]:
        """(title, address) of papers that can be looked at as KONSEP."""
        return draft_links(self.case)

    @cached_property
    def evidence(self) -> list[EvidenceLine]:
        """Files and what is kept elsewhere, in the order in which it came."""
        return evidence_of(self.complaint.id)

    @cached_property
    def records(self) -> list[RecordLine]:
        """Every record of the case in the order of its making, drafts last, each in words."""
        return record_lines(self.case, self.composer, self.seal)

    @cached_property
    def history(self) -> list[HistoryEntry]:
        events = Event.select().where(Event.complaint == self.complaint).order_by(Event.id.desc())
        return history_entries(list(events), self.case.user)
