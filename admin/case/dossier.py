"""All that a complaint's page shows of one case, in words: matter, persons, clocks, records, papers, history."""

from functools import cached_property
from typing import Any

from flask import url_for

from admin.case.acts import Buttons, buttons_of
from admin.case.sentences import HistoryEntry, history_entries, where_is_it
from admin.case.timesheet import Round, rounds_of
from admin.evidence.attachments import EvidenceLine, evidence_of
from admin.kit import due
from admin.kit.columns import short_moment
from admin.papers.drafts import draftable
from admin.papers.status import CLOSED, hand_badge, paper_url, status_badge, with_print
from models.case.cameback import came_back
from models.case.case import Case
from models.case.discretion import discreet
from models.case.inhand import WrittenRecord, is_current
from models.content.content import Composer, missing
from models.fields.words import value_in_words
from models.office.lists import GROUPS
from models.office.settings import LAW_CLASSES
from models.records.base import SealedText
from models.records.registry import RECORDS
from models.tables.complaint import PERSONS, SEXES, Complaint, Person, name_of
from models.tables.event import Event, open_seals
from models.tables.mask import masked_text
from models.tables.paper import Paper
from models.tables.scope import openable, visible
from sop import flow
from sop.access import SECRECY, URGENCY, may_draft
from sop.words import format_date, format_moment

AGREED = "Ada cara yang disepakati; terbaca pada langkah yang menghubunginya."
Pairs = list[tuple[str, Any]]
_CONTACT = {
    "nik": "NIK",
    "phone": "Telepon/WhatsApp",
    "email": "Surel",
    "address": "Alamat KTP",
    "domicile": "Alamat domisili",
}


class Dossier:
    """One case as its page shows it; each part is worked out when the template asks for it."""

    def __init__(self, case: Case) -> None:
        self.case, self.complaint = case, case.complaint
        self.seal = open_seals([self.complaint.id])[self.complaint.id]
        self.people: dict[str, Person] = {p.kind: p for p in Person.select().where(Person.complaint == self.complaint)}

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
    def state_badge(self) -> Any:
        return due.state_badge(self.complaint.state)

    @property
    def due_words(self) -> str:
        return due.due_words(self.complaint)

    @property
    def where(self) -> str:
        return where_is_it(self.complaint, self.unit, self.case.at)

    @property
    def unit(self) -> str:
        return str(self.complaint.unit.name) if self.complaint.unit_id else ""

    @property
    def paused_now(self) -> str:
        """Why no clock runs at the moment: on hold, or the office is closed."""
        if self.complaint.state == flow.HELD or self.complaint.state not in flow.OPEN_STATES:
            return ""
        return "" if due.office_clock().is_open(self.case.at) else due.CLOSED_NOW

    @property
    def returned(self) -> dict[str, Any]:
        """Why the case came back: what was said by the detour that brought it here."""
        back = came_back(self.case)
        return self.composer.in_words(back.record.key, back.record.blanks) if back else {}

    @property
    def original(self) -> Complaint | None:
        """The complaint that this one repeats, if the person may see its number."""
        head = self.complaint.duplicate_of_id
        return visible(self.case.user, Complaint).where(Complaint.id == head).first() if head else None

    # Matter and persons

    @property
    def matter(self) -> Pairs:
        c, place = self.complaint, self.complaint.kelurahan
        return [
            ("Kategori", self.case.category.name),
            ("Kelas peraturan", LAW_CLASSES[c.law_class]),
            ("Sifat", URGENCY[c.urgency]),
            ("Kerahasiaan", SECRECY[c.secrecy]),
            ("Waktu kejadian", c.event_date),
            ("Tempat kejadian", c.event_place),
            ("Kelurahan", str(place or "")),
            ("Pihak yang diadukan", c.accused),
            ("Kerugian", c.loss),
            ("Bukti", c.evidence),
        ]

    @property
    def register(self) -> Pairs:
        c = self.complaint
        medium = f"{c.medium.name} ({dict(GROUPS)[c.medium.group].lower()})"
        noted = f"{format_moment(c.recorded_at)}{' (susulan)' if c.backlog else ''} oleh {c.registrar.name}"
        return [
            ("Media", medium),
            *([(c.medium.reference_label, c.medium_ref)] if c.medium_ref else []),
            ("Diterima", format_moment(c.received_at)),
            ("Dicatat", noted),
            ("Unit kerja penanggung jawab", self.unit or "Belum didisposisikan"),
            ("Batas jawaban pertama", format_date(c.answer_due_at)),
            ("Batas peraturan", format_date(c.legal_due_at)),
        ]

    @property
    def missing(self) -> list[str]:
        return missing(self.complaint, self.people.get("pengadu"))

    @property
    def persons(self) -> list[tuple[str, str, Pairs]]:
        """(who he is in the case, name, what is known): contact data masked, names as they are."""
        present = [(words, p) for kind, words in PERSONS.items() if (p := self.people.get(kind))]
        return [(words, name_of(p, self.complaint), self._known(p)) for words, p in present]

    @property
    def safe_ways(self) -> list[tuple[str, str]]:
        """(name, what to heed) of each person who is to be reached with care."""
        cautions = [(name_of(p, self.complaint), _safety_words(p)) for p in self.people.values()]
        return [(name, words) for name, words in cautions if words]

    def _known(self, p: Person) -> Pairs:
        opened = [
            (label, masked_text(name, self.seal.open_text(f"{p.kind}.{name}", getattr(p, name))))
            for name, label in _CONTACT.items()
        ]
        rest = [
            ("Catatan NIK", p.nik_note),
            ("Jenis kelamin", dict(SEXES)[p.sex] if p.sex else ""),
            ("Usia", p.age),
            ("Pekerjaan", p.job),
            ("Hubungan", p.relation),
            ("Kelompok", p.group),
        ]
        return [(label, value) for label, value in opened + rest if value]

    # Clocks, papers, records, history

    @cached_property
    def rounds(self) -> list[Round]:
        return rounds_of(self.complaint, self.case.at)

    @cached_property
    def papers(self) -> list[dict[str, Any]]:
        """Issued papers, the newest first."""
        mine = Paper.complaint == self.complaint
        papers = list(with_print(Paper.select()).where(mine).order_by(Paper.id.desc()))
        open_ = {p.id for p in openable(self.case.user, papers)}
        return [
            {
                "title": flow.PAPERS[p.kind].title,
                "number": p.number,
                "round": p.round,
                "url": paper_url(p) if p.id in open_ else "",
                "closed": "" if p.id in open_ else CLOSED,
                "issued": short_moment(p.issued_at),
                "badge": status_badge(p),
                "by_hand": hand_badge(p) if p.void is None else "",
            }
            for p in papers
        ]

    @property
    def drafts(self) -> list[tuple[str, str]]:
        """(title, address) of papers that can be looked at as KONSEP."""
        valid = {p.kind for p in self._valid_papers()}
        return [
            (p.title, url_for("dokumen.draft", complaint=self.complaint.id, kind=p.key))
            for p in draftable(self.case)
            if p.key not in valid or self.complaint.revision > 1
        ]

    def _valid_papers(self) -> list[Any]:
        papers = with_print(Paper.select()).where(
            (Paper.complaint == self.complaint) & (Paper.round == self.complaint.round)
        )
        return [p for p in papers if p.void is None]

    @cached_property
    def evidence(self) -> list[EvidenceLine]:
        """Files and what is kept elsewhere, in the order in which it came."""
        return evidence_of(self.complaint.id)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """Every record of the case in the order of its making, drafts last, each in words."""
        rows = [
            record
            for key, model in RECORDS.items()
            for row in model.select().where(model.complaint == self.complaint).dicts()
            if not (record := WrittenRecord.of(key, row)).draft or self._reads_draft(record)
        ]
        rows.sort(key=lambda record: (record.draft, record.made_at, record.id))
        final = [record for record in rows if not record.draft and not record.recalled]
        return [self._record(record, opened=record.draft or record is final[-1]) for record in rows]

    def _reads_draft(self, record: WrittenRecord) -> bool:
        """Whether the person reads what is being written under the disposition in force."""
        return is_current(record, self.complaint, "leg") and may_draft(self.case.standings)

    def _record(self, record: WrittenRecord, *, opened: bool) -> dict[str, Any]:
        return {
            "title": RECORDS[record.key].title,
            "by": str(self.composer.users[record.made_by]),
            "at": format_moment(record.made_at),
            "draft": record.draft,
            "recalled": record.recalled,
            "revision": record.revision,
            "round": record.round,
            "opened": opened,
            "blanks": self._blanks(record),
        }

    def _blanks(self, record: WrittenRecord) -> dict[str, str]:
        """All blanks of a record in the order of its form, the sealed ones in their places."""
        [open_] = discreet([self.composer.in_words(record.key, record.blanks)], self.case.user)
        texts = {**{label: value_in_words(words) for label, words in open_.items()}, **self._sealed(record)}
        labels = (str(field.verbose_name) for field in RECORDS[record.key]._meta.sorted_fields)
        return {label: texts[label] for label in labels if label in texts}

    def _sealed(self, record: WrittenRecord) -> dict[str, str]:
        """Sealed blanks: masked where they hold contact data (the correction of a person), else as they are."""
        model, texts = RECORDS[record.key], {}
        column = str(record.blanks.get("field") or "").rpartition(".")[2]
        for field in model._meta.sorted_fields:
            if isinstance(field, SealedText) and record.blanks[field.name]:
                text = self.seal.open_text(f"record/{record.key}/{field.name}", record.blanks[field.name])
                texts[str(field.verbose_name)] = masked_text(column, text) if column in Person.SEALED else text
        return texts

    @cached_property
    def history(self) -> list[HistoryEntry]:
        events = Event.select().where(Event.complaint == self.complaint).order_by(Event.id.desc())
        return history_entries(list(events), self.case.user)


def _safety_words(person: Person) -> str:
    """That care is needed, not how: what was agreed may hold a number, and stands where somebody is about to call."""
    words = ["Jangan ditelepon."] if person.do_not_call else []
    return " ".join([*words, AGREED] if person.safe_contact else words)
