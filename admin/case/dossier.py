"""The content of a complaint's page in words: matter, persons, clocks, records, papers, history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from markupsafe import Markup

from admin.case.acts import ActButton, Buttons, buttons_of
from admin.case.contact import NumberCard, answer_parts, number_card, where_to_answer
from admin.case.decisions import Returned, return_words
from admin.case.emails import EmailsCard, emails_card
from admin.case.notices import LikelyMark, likely_mark
from admin.case.parts import (
    OtherCases,
    PaperLine,
    PromiseLine,
    RecordLine,
    awaited_step,
    draft_links,
    issued_papers,
    other_cases,
    paper_lines,
    promise_acts,
    promise_lines,
    record_lines,
)
from admin.case.sentences import HistoryEntry, history_entries, where_is_it
from admin.case.timesheet import Round, rounds_of
from admin.door.gate import admits_to
from admin.lists import cells
from admin.lists.cells import news_lines, news_of_rows
from admin.papers.evidence import EvidenceLine, evidence_lines
from admin.papers.shelf import BerkasLine, berkas_line
from admin.papers.shelving import RECORDING
from models.case.access_notes import may_call, open_until
from models.case.case import Case
from models.case.clocks import Deadline, binding_deadline, deadlines_of
from models.case.content import Composer
from models.complaint.complaint import ELSEWHERE, PERSONS, SEXES, Complaint, Person, ended_at, name_of
from models.complaint.event import Event, open_seals
from models.complaint.paper import Attachment
from models.complaint.repeats import CaseMarks
from models.complaint.scope import viewer, visible
from models.complaint.shelf import CaseShelf
from models.email.queue import QueuedEmail
from models.email.to_pengadu import ready_messages
from models.office.contacts import masked_text
from models.office.lists import GROUPS
from models.office.settings import LAW_CLASSES
from models.records.entry import missing_on_screen
from models.records.promises import Pledge
from models.store.base import RowsByTable, labels_of, rows_of_tables
from models.store.seal import GONE
from sop.access import SECRECY, URGENCY, WITNESSES
from sop.vocabulary import PAUSED, vocabulary
from sop.words import format_date, format_moment

Pairs = list[tuple[str, Any]]  # label, value


AGREED = "Ada cara yang disepakati; terbaca pada langkah yang menghubunginya dan saat nomornya ditampilkan."
_CONTACT = ("nik", "phone", "email", "address", "domicile")
_LABELS = labels_of(Person)


@dataclass(frozen=True)
class PersonCard:
    """A person of the case: role, name, further data, and number."""

    kind: str
    role: str
    name: str
    known: list[tuple[str, Any]]
    number: NumberCard | None  # None if there is none, or the user may not open it


def _known_of(p: Person, seal: Any) -> list[tuple[str, Any]]:
    opened = [
        (_LABELS[name], masked_text(name, seal.open_text(f"{p.kind}.{name}", getattr(p, name)))) for name in _CONTACT
    ]
    rest = [
        ("nik_note", p.nik_note),
        ("sex", dict(SEXES)[p.sex] if p.sex else ""),
        ("age", p.age),
        ("job", p.job),
        ("relation", p.relation),
        ("group", p.group),
    ]
    return [(label, value) for label, value in [*opened, *((_LABELS[n], text) for n, text in rest)] if value]


class Dossier:
    """One case as its page shows it; each part is computed when the template uses it."""

    def __init__(self, case: Case) -> None:
        self.case, self.complaint = case, case.complaint
        self.seals = open_seals([self.complaint.id])
        self.seal = self.seals[self.complaint.id]
        self.composer = composer = Composer({self.complaint.id: case}, self.seals, at=case.at, demo=False)
        self.people: Mapping[str, Person] = composer.persons.get(self.complaint.id, {})
        for name, rows in composer.masters.items():
            if row := rows.get(self.complaint.__data__[name]):
                setattr(self.complaint, name, row)  # spares a query for it

    @property
    def gone(self) -> str:
        """The sentence that the case was anonymised by destroying its key; "" otherwise."""
        return GONE if self.seal.is_gone else ""

    @cached_property
    def buttons(self) -> Buttons:
        return buttons_of(self.case)

    @property
    def marks(self) -> cells.Marks:
        run = self.case.run
        return cells.urgency_marks(self.complaint) + cells.due_marks(self.complaint, run.started_at if run else None)

    @property
    def news(self) -> Markup:
        """Changes of this case for the user, each with time and author."""
        number = self.complaint.id
        return news_lines(news_of_rows(viewer(self.case.user), [number]).get(number, ()))

    @property
    def state_badge(self) -> Markup:
        return cells.state_badge(self.complaint.state)

    @property
    def sop_limit(self) -> tuple[str, str]:
        return cells.sop_limit(self.complaint)

    @property
    def where(self) -> str:
        return where_is_it(self.case, self._unit, str(self.original or ""))

    @property
    def _unit(self) -> str:
        """The name of the responsible unit; "" before the disposition."""
        return str(self.complaint.unit.name) if self.complaint.unit_id else ""

    @property
    def deadline(self) -> Deadline:
        return binding_deadline(self.complaint)

    @property
    def paused_now(self) -> str:
        """Why no clock of an open case runs now: the office is closed; "" otherwise."""
        if self.complaint.state == PAUSED or self.complaint.state not in vocabulary().open_states:
            return ""
        return "" if cells.office_clock().is_open(self.case.at) else cells.CLOSED_NOW

    @property
    def returned(self) -> Returned | None:
        """Why the case came back, from the record of that detour."""
        return return_words(self.case, self.composer)

    @cached_property
    def answers(self) -> list[str]:
        """The answer to post in the online medium; [] for other media."""
        return answer_parts(self.case)

    @property
    def answered_at(self) -> str:
        return where_to_answer(self.complaint)

    @cached_property
    def original(self) -> Complaint | None:
        """The complaint that this one duplicates, if the user may see it."""
        head = self.complaint.duplicate_of_id
        return visible(self.case.user, Complaint).where(Complaint.id == head).first() if head else None

    @cached_property
    def _rows(self) -> RowsByTable:
        """The rows of the case in the tables that only this page reads."""
        tables = {model: model._meta.sorted_fields for model in (Pledge, Attachment, QueuedEmail, CaseShelf)}
        return rows_of_tables({**tables, **CaseMarks.tables()}, "complaint_id", [self.complaint.id])

    @cached_property
    def likely(self) -> LikelyMark:
        """Earlier cases that this one may duplicate."""
        return likely_mark(self.case, CaseMarks.of_rows(self._rows))

    @cached_property
    def others(self) -> OtherCases:
        """Other cases of the same people, the accused or the address."""
        return other_cases(self.case, CaseMarks.of_rows(self._rows))

    # Matter and persons

    @property
    def matter(self) -> Pairs:
        c, labels = self.complaint, labels_of(Complaint)
        matter = {
            "category": self.case.category.name,
            "law_class": LAW_CLASSES[c.law_class],
            "urgency": URGENCY[c.urgency],
            "secrecy": SECRECY[c.secrecy],
            "event_date": c.event_date,
            "event_place": c.event_place,
            "kelurahan": str(c.kelurahan or ""),
            "accused": c.accused,
            "loss": c.loss,
            "evidence": c.evidence,
        }
        return [(labels[name], value) for name, value in matter.items()]

    @property
    def register(self) -> Pairs:
        c, day = self.complaint, ended_at(self.complaint)
        way = " (susulan)" if c.backlog else " (dari berkas)" if c.imported else ""
        answered_on = f" {format_date(day)}" if day else ""
        return [
            ("Media", f"{c.medium.name} ({dict(GROUPS)[c.medium.group].lower()})"),
            *([(c.medium.reference_label, c.medium_ref)] if c.medium_ref else []),
            *([("Instansi menurut berkas", c.institution.name)] if c.institution_id else []),
            *([("Topik menurut berkas", c.topic.name)] if c.topic_id else []),
            ("Diterima", format_moment(c.received_at)),
            ("Dicatat", f"{format_moment(c.recorded_at)}{way} oleh {c.registrar.name}"),
            *([("Petugas pemegang", c.keeper.name)] if c.keeper_id else []),
            ("Unit kerja penanggung jawab", self._unit or "Belum didisposisikan"),
            *([("Jawaban di luar panel", f"{ELSEWHERE[c.elsewhere]}{answered_on}")] if c.elsewhere else []),
            *((deadline.clock.ends, deadline.words) for deadline in deadlines_of(c)),
        ]

    @property
    def missing(self) -> list[str]:
        return missing_on_screen(self.complaint, self.people.get("pengadu"))

    @cached_property
    def opened(self) -> dict[str, datetime]:
        """Until when the user has opened numbers, by kind of person."""
        return open_until(self.case)

    @property
    def persons(self) -> list[PersonCard]:
        opened, may_open = self.opened, may_call(self.case)
        messages = ready_messages(self.complaint, self.people, self.case.settings) if opened else {}
        return [
            PersonCard(
                kind,
                role,
                name_of(p, self.complaint),
                _known_of(p, self.seal),
                number_card(p, self.seal, opened.get(kind), messages.get(kind, "")) if may_open else None,
            )
            for kind, role in PERSONS.items()
            if (p := self.people.get(kind))
        ]

    @property
    def safe_ways(self) -> list[tuple[str, str]]:
        """(name, caution) of each person who must be contacted with care. The agreed way is left out: it may hold a
        number, and this is shown where users call."""
        pairs = []
        for person in self.people.values():
            words = ["Jangan ditelepon."] if person.do_not_call else []
            if person.safe_contact:
                words.append(AGREED)
            if words:
                pairs.append((name_of(person, self.complaint), " ".join(words)))
        return pairs

    @property
    def may_see_accesses(self) -> bool:
        """Whether the user may see who accessed the case."""
        return bool(self.case.relations & WITNESSES)

    @cached_property
    def emails(self) -> EmailsCard | None:
        """The e-mails to the pengadu; None for users who may not see contact data."""
        emails = [QueuedEmail(**row) for row in self._rows[QueuedEmail]]
        return emails_card(self.case, emails, self.people, self.seal)

    # Clocks, papers, records, history

    @cached_property
    def rounds(self) -> list[Round]:
        return rounds_of(self.case)

    @cached_property
    def issued(self) -> list[Any]:
        return issued_papers(self.complaint)

    @cached_property
    def papers(self) -> list[PaperLine]:
        """Issued papers, newest first."""
        return paper_lines(self.case, self.issued)

    @cached_property
    def berkas(self) -> BerkasLine:
        """Where the berkas lies and who has borrowed it."""
        return berkas_line(self.complaint, next((CaseShelf(**row) for row in self._rows[CaseShelf]), None))

    @property
    def may_record_shelf(self) -> bool:
        return admits_to((RECORDING,))

    @cached_property
    def promises(self) -> list[PromiseLine]:
        """Promises, open ones first."""
        return promise_lines([Pledge(**row) for row in self._rows[Pledge]])

    @property
    def promise_acts(self) -> list[ActButton]:
        return promise_acts(self.buttons.others)

    @cached_property
    def drafts(self) -> list[tuple[str, str]]:
        """(title, address) of papers that can be viewed as KONSEP."""
        return draft_links(self.case, self.issued)

    @cached_property
    def evidence(self) -> list[EvidenceLine]:
        """Files and evidence stored outside the panel, in order of arrival."""
        return evidence_lines([Attachment(**row) for row in self._rows[Attachment]])

    @property
    def reads_records(self) -> bool:
        """Whether the awaited step needs records of the case, so that they stand open."""
        step = awaited_step(self.case)
        return step is not None and bool(step.needs)

    @property
    def calls_persons(self) -> bool:
        """Whether the awaited step calls the pengadu, so that the persons stand open, above the papers."""
        step = awaited_step(self.case)
        return step is not None and step.contact

    @cached_property
    def records(self) -> list[RecordLine]:
        """Every record of the case in words, in order of creation, drafts last."""
        return record_lines(self.case, self.composer, self.seal)

    @cached_property
    def history(self) -> list[HistoryEntry]:
        events = Event.select().where(Event.complaint == self.complaint).order_by(Event.id.desc())
        return history_entries(list(events), self.case.user, seals=self.seals)
