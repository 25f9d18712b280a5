"""Composition of cases from imported rows; rows that already are cases are skipped."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from models.case.clocks import RunSpan
from models.complaint.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint, Person
from models.complaint.number import stand_in
from models.complaint.scope import viewer
from models.imports.batches import (
    AT_ONCE,
    DUPLICATE,
    FORWARD,
    KNOWN,
    PUBLISHED_BY,
    SKIP,
    ImportBatch,
    ImportRow,
    ImportTopic,
    LiftedNumbers,
    clear_term,
    form_of,
    topic_key,
)
from models.imports.columns import FileForm
from models.imports.incoming import IncomingCase
from models.imports.judging import known_cases, ticket_of
from models.imports.matching import OwnPlaces
from models.office.calendar import clock
from models.office.lists import Category, Institution, Kelurahan, Medium, Topic, term_key
from models.office.settings import Settings, values
from models.records.entry import DEFAULT_CATEGORY, LONGEST_TITLE, PERSON_COLUMNS, legal_dues
from models.records.story_summary import first_sentence
from models.store.base import Columns, among
from sop.clock import WIB, Clock
from sop.flow import current_procedure
from sop.vocabulary import DUPLICATED, FORWARDED, OUTSIDE, RECEIVE, vocabulary

Content = tuple[ImportRow, IncomingCase]


def still_unknown(batch: ImportBatch, contents: Sequence[Content]) -> list[Content]:
    """The rows that are not a case yet; of the others the known case is recorded."""
    medium = Medium.get(Medium.code == form_of(batch.form).medium)
    cases = [case for row, case in contents if row.decision in PUBLISHED_BY]
    known = {line: case.complaint for line, case in known_cases(cases, medium, viewer(batch.by)).items()}
    own = _made_by(batch, known.values())
    others = {line: complaint for line, complaint in known.items() if complaint not in own}
    for row, _ in contents:
        if row.line in others:
            changes = {"verdict": KNOWN, "why": "", "decision": SKIP, "known": others[row.line], "sealed": None}
            ImportRow.update(**changes).where(ImportRow.id == row.id).execute()
    return [(row, case) for row, case in contents if row.line not in others]


def _made_by(batch: ImportBatch, complaints: Iterable[int]) -> set[int]:
    """The complaints made from this file: among its own repeats without a ticket the user's decision counts."""
    rows = ImportRow.select(ImportRow.became).where(
        (ImportRow.batch == batch) & among(ImportRow.became, list(complaints))
    )
    return {complaint for (complaint,) in rows.tuples()}


CALLED, PLACED, REFERRED = "Judul menurut berkas: {}", "Tempat menurut berkas: {}", "Nomor rujukan menurut berkas: {}"
SEVERAL = "Beberapa NIK dari uraian; periksa milik siapa"


@dataclass(frozen=True)
class ImportedCase:
    """A row as a new case; `texts` are further texts of the file for the history, by label."""

    row: ImportRow
    columns: Columns
    pengadu: Columns
    place: str
    numbers: LiftedNumbers
    texts: dict[str, str]

    @property
    def is_open(self) -> bool:
        return bool(self.columns["state"] in vocabulary().open_states)


@dataclass
class CaseComposer:
    """Composes the cases of one file; caches the office's lists."""

    batch: ImportBatch
    _institutions: dict[str, int] = field(default_factory=dict)
    _known_topics: dict[str, int] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The moment at which publishing was started: used for all cases of the file."""
        moment: datetime = self.batch.published_at
        return moment.astimezone(WIB)

    def clean(self, text: str) -> str:
        """A text as stored: without personal numbers, if the batch removes them."""
        return LiftedNumbers().without_numbers(text) if self.batch.lifts else text

    @cached_property
    def form(self) -> FileForm:
        return form_of(self.batch.form)

    @cached_property
    def medium(self) -> int:
        return int(Medium.get(Medium.code == self.form.medium).id)

    @cached_property
    def settings(self) -> Settings:
        return values(self.at.date())

    @cached_property
    def clock(self) -> Clock:
        return clock()

    @cached_property
    def places(self) -> OwnPlaces:
        return OwnPlaces(self.at.date())

    @cached_property
    def _categories(self) -> dict[int, Category]:
        return {category.id: category for category in Category.select()}

    @cached_property
    def _unsorted(self) -> Category:
        return next(category for category in self._categories.values() if category.code == DEFAULT_CATEGORY)

    @cached_property
    def _topics(self) -> dict[str, int]:
        rows = ImportTopic.select(ImportTopic.topic, ImportTopic.category).where(ImportTopic.form == self.batch.form)
        return dict(rows.tuples())

    @cached_property
    def first_run(self) -> RunSpan:
        """The first run of an open case: without receiving, as it was not received at the panel."""
        return RunSpan.entering(current_procedure().row_named(current_procedure().first), self.at, self.clock)

    def composed_all(self, contents: Iterable[tuple[ImportRow, IncomingCase]]) -> list[ImportedCase]:
        """The rows as cases; adds their institutions and topics to the office's lists."""
        rows = list(contents)
        self._institutions |= Institution.ids_of(_institution_of(row, case) for row, case in rows)
        self._known_topics |= Topic.ids_of(_topic_of(row, case) for row, case in rows)
        return [self._composed(row, case) for row, case in rows]

    def _composed(self, row: ImportRow, case: IncomingCase) -> ImportedCase:
        numbers, kelurahan = LiftedNumbers(), self.places.kelurahan_of(case)
        clean = numbers.without_numbers if self.batch.lifts else str
        category = self._categories.get(self._topics.get(topic_key(case.topic), 0), self._unsorted)
        secrecy = "rahasia" if case.secret else category.secrecy
        texts = self._texts(case, category, kelurahan, secrecy)
        columns = {
            **_ALWAYS,
            **{name: clean(text) for name, text in texts.items()},
            **self._state_columns(row, case, category.law_class),
            "public_id": secrets.token_urlsafe(12),
            "number": stand_in(self.batch.id, row.line),
            "category": category.id,
            "law_class": category.law_class,
            "secrecy": secrecy,
            "urgency": category.urgency,
            "medium": self.medium,
            "medium_ref": ticket_of(case),
            "anonymous": case.anonymous,
            "kelurahan": kelurahan and kelurahan.id,
            "institution": self._institutions.get(term_key(_institution_of(row, case))),
            "topic": self._known_topics.get(term_key(_topic_of(row, case))),
            "registrar": self.batch.by_id,
            "last_by": self.batch.by_id,
        }
        name = "" if case.anonymous else clean(case.name)
        undated = case.answer_told if columns["elsewhere"] != ANSWERED else ""
        destination = self.places.destination(case) if row.decision == FORWARD else ""
        cleaned = {label: clean(text) for label, text in _history_texts(case, destination, undated).items()}
        return ImportedCase(row, columns, _pengadu(name, numbers), str(kelurahan or ""), numbers, cleaned)

    def _texts(
        self, case: IncomingCase, category: Category, kelurahan: Kelurahan | None, secrecy: str
    ) -> dict[str, str]:
        """Title, story and place; texts that do not fit their column are appended to the story."""
        title = ""
        if secrecy != "rahasia":
            title = first_sentence(case.title) or first_sentence(case.story)
            if len(title) > LONGEST_TITLE:
                title = f"{title[: LONGEST_TITLE - 2].rsplit(' ', 1)[0]} …"
        place = ", ".join(filter(None, [case.place, self.places.named_place(case)]))
        fits = len(place) <= Complaint.event_place.max_length
        more = [
            CALLED.format(case.title) if case.title and case.title not in (title, case.story) else "",
            "" if fits else PLACED.format(place),
            "" if ticket_of(case) == case.reference else REFERRED.format(case.reference),
        ]
        return {
            "title": title or _standard_title(category, kelurahan),
            "story": "\n\n".join(filter(None, [case.story or case.title, *more])),
            "event_place": place if fits else "",
        }

    def _state_columns(self, row: ImportRow, case: IncomingCase, law_class: str) -> Columns:
        """Its state, dates and due times."""
        received = case.received.at.astimezone(WIB) if case.received else self.at
        ends = {DUPLICATE: DUPLICATED, FORWARD: FORWARDED}
        state = ends.get(row.decision) or (OUTSIDE if case.closed else current_procedure().first)
        is_open = state == current_procedure().first
        elsewhere = "" if is_open else answer_elsewhere(case, self.at)
        closed = closed_by(case, elsewhere, received, self.at)
        return {
            "received_at": received,
            "recorded_at": self.at,
            "state": state,
            "state_since": closed or self.at,
            "closed_at": closed,
            "elsewhere": elsewhere,
            "row_due_at": self.first_run.due_at if is_open else None,
            **(legal_dues(self.clock, received, law_class, self.settings) if is_open else _NO_DUES),
        }

    def takes_number(self, case: ImportedCase) -> bool:
        """Whether it gets its register number now; a case settled outside never gets one."""
        return bool(self.batch.numbering == AT_ONCE and case.columns["state"] != OUTSIDE)


def answer_elsewhere(case: IncomingCase, at: datetime) -> str:
    """The status, outside the panel, of a case that ends with its import: one of `complaint.ELSEWHERE`."""
    if case.answered and case.answered.at <= at:
        return ANSWERED
    return UNDATED if case.closed else UNANSWERED


def closed_by(case: IncomingCase, elsewhere: str, received: datetime, at: datetime) -> datetime | None:
    """When such a case ended: at its answer; otherwise a placeholder, see `Complaint.closed_at`."""
    if elsewhere == ANSWERED and case.answered:
        return case.answered.at.astimezone(WIB)
    return {"": None, UNDATED: received}.get(elsewhere, at)


def _institution_of(row: ImportRow, case: IncomingCase) -> str:
    """In the file's first spelling; rows read by an older version have it only in their encrypted content."""
    return row.institution or clear_term(case.office)


def _topic_of(row: ImportRow, case: IncomingCase) -> str:
    return row.topic or clear_term(case.topic)


_NO_DUES: Columns = {"legal_due_at": None, "answer_due_at": None}
_ALWAYS: Columns = {
    # the same for every imported case
    **dict.fromkeys(("asks", "event_date", "accused", "loss", "evidence"), ""),
    **dict.fromkeys(("opened_at", "form_digest", "keeper", "unit", "duplicate_of"), None),
    "emergency": False,
    "backlog": False,
    "imported": True,
    "row_late": False,
    "version": 1,
    "round": 1,
    "leg": 0,
    "revision": 1,
    "back": RECEIVE,
    "last_act": RECEIVE,
}


def _standard_title(category: Category, kelurahan: Kelurahan | None) -> str:
    title = str(category.title or category.name)
    return title.replace("{kelurahan}", kelurahan.name) if kelurahan else title.replace(" ({kelurahan})", "")


def _pengadu(name: str, numbers: LiftedNumbers) -> Columns:
    extracted = {column: ", ".join(numbers.all_of(column)) for column in ("nik", "phone", "email")}
    empty = dict.fromkeys(PERSON_COLUMNS, "")
    note = SEVERAL if len(numbers.all_of("nik")) > 1 else ""
    limit = Person.name.max_length
    return {**empty, **extracted, "name": name[:limit], "do_not_call": False, "kelurahan": None, "nik_note": note}


def _history_texts(case: IncomingCase, destination: str, undated_answer: str) -> dict[str, str]:
    labelled = {
        "Status menurut berkas": case.status,
        "Tanggal dijawab menurut berkas": undated_answer,
        "Topik menurut berkas": case.topic,
        "Instansi menurut berkas": case.office,
        "Diteruskan kepada": destination,
    }
    return {label: text for label, text in labelled.items() if text}
