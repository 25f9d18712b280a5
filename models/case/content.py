"""The content of a paper: case, persons and records, composed before it is frozen; masked for other readers."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

import peewee as pw

from models.case import attachments
from models.case.access_notes import is_secret
from models.case.case import ActingUnits, Case, acting_units
from models.case.clocks import binding_deadline, minutes, row_times
from models.case.content_parts import (
    ComplaintPart,
    DeputyPart,
    PaperSigner,
    PersonPart,
    RecordPart,
    RowPart,
    UnitPart,
    deadline_part,
    in_one_copy,
    paper_part,
    piece_part,
    signer_parts,
    signers_on,
    units_part,
    visitors,
)
from models.case.in_force import WrittenRecord
from models.complaint.complaint import PERSONS, SEXES, Person
from models.complaint.number import numbers_by_series
from models.complaint.paper import Attachment, Content
from models.office import people, wording
from models.office.calendar import clock
from models.office.contacts import completely_masked, is_masked, masked_text, masked_value, partly_masked_nik
from models.office.identity import sop_part, with_gaps
from models.office.lists import GROUPS, Kelurahan, Medium
from models.office.people import Division, Officer, Posts, Signatory, User, post_book, signatory, title_of
from models.office.settings import LAW_CLASSES, Letterhead, letterhead, letterhead_of
from models.records.base import Blanks
from models.records.entry import PERSON_TEXTS, TEXTS, missing
from models.records.fields import Formatter, blanks_in_words, kind_of, readable_blanks
from models.records.in_words import FORMAT, Names, Words
from models.records.registry import RECORDS
from models.store import master_cache, prepared
from models.store.master_cache import copied
from models.store.seal import Seal
from sop.access import SECRECY, URGENCY
from sop.clock import Clock
from sop.flow import Procedure
from sop.procedure import KEPALA_DINAS, PaperKind
from sop.signers import UNIT_HEAD
from sop.vocabulary import vocabulary
from sop.words import day_of

SEX_LABELS, GROUP_LABELS = dict(SEXES), dict(GROUPS)
PARTIES = ("pengadu", "kuasa")  # kinds of person named as a party of a paper


def person_part(person: Person, paper: PaperKind, seal: Seal, place: Kelurahan | None) -> PersonPart:
    """What a paper of this kind shows of a person; sealed columns are only decrypted where it needs them."""
    if paper.identity:
        return {
            "kind": PERSONS[person.kind],
            **{name: seal.open_text(f"{person.kind}.{name}", getattr(person, name)) for name in Person.SEALED},
            **{name: person.__data__[name] for name in PERSON_TEXTS},
            "sex": SEX_LABELS[person.sex],
            "nik_note": person.nik_note,
            "do_not_call": person.do_not_call,
            **_place_of(place),
        }
    if paper.parties and person.kind in PARTIES:
        nik = seal.open_text(f"{person.kind}.nik", person.nik)
        return {**_name_of(person), "nik": partly_masked_nik(nik), **_place_of(place)}
    return _name_of(person)


def _name_of(person: Person) -> PersonPart:
    return {"kind": PERSONS[person.kind], "name": person.name, "relation": person.relation}


def _place_of(place: Kelurahan | None) -> PersonPart:
    return {"kelurahan": place.name if place else "", "kecamatan": place.kecamatan if place else ""}


@dataclass(frozen=True)
class PaperSigners:
    """The persons responsible for one paper of one case, titled as on the day; None where a post is vacant."""

    issuer: Signatory
    kepala_dinas: Signatory | None
    head: Signatory | None  # of the unit that leads

    def named(self, word: str) -> Signatory:
        """The person who signs in that role of SIGNERS; the issuer of the paper if the post is vacant."""
        return {KEPALA_DINAS: self.kepala_dinas, UNIT_HEAD: self.head}.get(word) or self.issuer


class Composer:
    """Composes papers for many cases with a fixed number of queries; create one for each transaction."""

    def __init__(
        self, cases: dict[int, Case], seals: dict[int, Seal], *, at: datetime, demo: bool, hours: Clock | None = None
    ) -> None:
        self.cases, self.seals, self.at, self.day, self.demo = cases, seals, at, day_of(at), demo
        complaints = [case.complaint for case in cases.values()]
        made_by = [record.made_by for case in cases.values() for record in case.stored_records]
        wanted = [*[c.registrar_id for c in complaints], *made_by]
        self.users = {number: copied(user) for number, user in people.users_with_units(wanted).items()}
        self.divisions = dict(master_cache.rows_by_id(Division, [c.unit_id for c in complaints]))
        self.media = dict(master_cache.rows_by_id(Medium, [c.medium_id for c in complaints]))
        self.kelurahan = dict(master_cache.rows_by_id(Kelurahan))
        self._officers: dict[tuple[int, date, ActingUnits], Signatory] = {}
        self._frames: dict[tuple[Procedure, str], Content] = {}
        self.clock, self.post_book = hours or clock(), post_book()
        self.numbers = numbers_by_series(list(cases))
        self.persons: dict[int, dict[str, Person]] = {}
        for person in prepared.run_fixed("persons", _persons, cases):
            self.persons.setdefault(person.complaint_id, {})[person.kind] = person
        self.settings = next(iter(cases.values())).settings if cases else {}
        self._names = Names({User: self.users, Division: self.divisions})

    def of_draft(self, case: Case, *, demo: bool) -> "Composer":
        """One for a preview of one of these cases, perhaps changed, with the rows that were read."""
        other = copy(self)
        other.cases, other.at, other.day = {case.complaint.id: case}, case.at, day_of(case.at)
        other.demo, other._frames = demo, {}
        return other

    @property
    def masters(self) -> dict[str, Mapping[int, Any]]:
        """The rows by id that columns of a complaint refer to, by column."""
        petugas = dict.fromkeys(("registrar", "keeper"), self.users)
        return {**petugas, "unit": self.divisions, "medium": self.media, "kelurahan": self.kelurahan}

    @cached_property
    def office(self) -> Letterhead:
        return letterhead(self.settings)

    def posts(self, moment: datetime) -> Posts:
        """Who could sign for what on the day of that moment, as titled then."""
        return self.post_book.on(self._day(moment))

    def _day(self, moment: datetime) -> date:
        return self.day if moment is self.at else day_of(moment)

    def compose(self, case: Case, paper: PaperKind, *, draft: bool = False, deputy: DeputyPart = None) -> Content:
        """The content of one paper as a plain dict, ready for canonical JSON."""
        return self.compose_issue(case, paper, draft=draft, deputy=deputy)[0]

    def compose_issue(
        self, case: Case, paper: PaperKind, *, draft: bool = False, deputy: DeputyPart = None
    ) -> tuple[Content, list[PaperSigner]]:
        """The same, and the signers in the order of signing. `deputy`: who stood in for the holder who decided himself,
        and why he did (`decree.deputy_entry`)."""
        c, numbers, frame = case.complaint, self.numbers[case.complaint.id], self._frame(paper, case.procedure)
        office = letterhead(with_gaps(self.settings)) if draft else self.office
        signers = self._signers(case, paper)
        there = visitors(case, self.persons.get(c.id, {}), self.media[c.medium_id])
        signing = list(signers_on(paper, signers.named, there))
        unit: UnitPart = {"name": "", "head": {}}
        if c.unit_id:
            unit = {"name": self.divisions[c.unit_id].name, "head": _printed(signers.head)}
        content = {
            **frame,
            "wording": in_one_copy(frame["wording"]) if is_secret(c) else frame["wording"],
            "office": letterhead_of(office, self.divisions.get(c.unit_id) if paper.is_of_unit else None),
            "paper": {
                **paper_part(paper.key, paper.title, self.at, numbers.get(paper.series)),
                "round": c.round,
                "revision": c.revision,
                "draft": draft,
            },
            "numbers": {series: vars(entry) for series, entry in numbers.items()},
            "complaint": self._complaint(case, paper),
            "persons": self._persons(case, paper),
            "records": {
                k: self._record(row, paper) for k, row in case.records.items() if not RECORDS[k].names_other_case()
            },
            "attempts": [self._record(row, paper) for row in case.contact_attempts],
            "kepala_dinas": _printed(signers.kepala_dinas),
            "deputy": deputy or {},
            "unit": unit,
            "clocks": self._clocks(case),
            "officer": signers.issuer.printed,
            "signer": signers.named(paper.signer).printed,
            "signers": signer_parts(signing),
        }
        return content, signing

    def _frame(self, paper: PaperKind, procedure: Procedure) -> Content:
        """The content shared by all papers of a kind, cached."""
        if (procedure, paper.key) not in self._frames:
            self._frames[procedure, paper.key] = {
                "format": FORMAT,
                "sop": sop_part(self.settings, procedure.row_no(procedure.issuers[paper.key].key)),
                "demo": self.demo,
                "wording": wording.texts_of(paper.key, self.settings),
                **units_part(self.divisions.values(), self.post_book, self.day),
            }
        return self._frames[procedure, paper.key]

    def _complaint(self, case: Case, paper: PaperKind) -> ComplaintPart:
        c = case.complaint
        medium, place = self.media[c.medium_id], self.kelurahan.get(c.kelurahan_id)
        typed = {name: c.__data__[name] if paper.identity else getattr(c, name) for name in TEXTS}
        return {
            "number": c.number,
            "title": typed["title"],
            "story": typed["story"],
            "asks": typed["asks"],
            "category": case.category.name,
            "law_class": LAW_CLASSES[c.law_class],
            "secrecy": SECRECY[c.secrecy],
            "is_secret": c.secrecy == "rahasia",
            "urgency": URGENCY[c.urgency],
            "emergency": c.emergency,
            "medium": medium.name,
            "medium_group": GROUP_LABELS[medium.group],
            "medium_ref": c.medium_ref if paper.identity else masked_value(c.medium_ref),
            "medium_ref_label": medium.reference_label,
            "received_at": c.received_at.isoformat(),
            "recorded_at": c.recorded_at.isoformat(),
            "backlog": c.backlog,
            "anonymous": c.anonymous,
            "event_date": typed["event_date"],
            "event_place": typed["event_place"],
            "kelurahan": place.name if place else "",
            "kecamatan": place.kecamatan if place else "",
            "accused": typed["accused"],
            "loss": typed["loss"],
            "evidence": typed["evidence"],
            "attachments": [piece_part(one) for one in self.attachments[c.id]],
            "answer_due": c.answer_due_at.isoformat(),
            "legal_due": c.legal_due_at.isoformat(),
            "deadline": deadline_part(binding_deadline(c)),
            "registrar": self._officer(self.users[c.registrar_id], self.at, ()).printed,
            "round": c.round,
            "missing": missing(c, self.persons.get(c.id, {}).get("pengadu")),
        }

    def _persons(self, case: Case, paper: PaperKind) -> dict[str, PersonPart]:
        seal = self.seals[case.complaint.id]
        return {
            kind: person_part(person, paper, seal, self.kelurahan.get(person.kelurahan_id))
            for kind, person in self.persons.get(case.complaint.id, {}).items()
        }

    @cached_property
    def attachments(self) -> dict[int, list[Attachment]]:
        """Evidence by case, read when the first paper is composed, so that the act's own pieces are included."""
        return attachments.evidence_of(list(self.cases))

    def title(self, key: str) -> str:
        return RECORDS[key].title

    def in_words(self, key: str, blanks: Blanks) -> dict[str, Words]:
        """Filled blanks in words, by label, for the history event of a step."""
        return blanks_in_words(RECORDS[key], blanks, self._names)

    def _record(self, record: WrittenRecord, paper: PaperKind) -> RecordPart:
        texts, codes, moments = {}, {}, {}
        for name, field, formatter, masks in _formatters(record.key):
            value = record.blanks.get(name)
            words = formatter(field, value, self._names)
            if isinstance(value, str):
                if words != value:
                    codes[name] = value
            elif isinstance(value, datetime):
                moments[name] = value.isoformat()
            texts[name] = masked_value(words) if masks and words and not paper.identity else words
        labels = _labels_of(record.key)
        units = acting_units(vocabulary().acts[record.act], self.cases[record.complaint])
        author = self._officer(self.users[record.made_by], record.made_at, units)
        return {
            "title": RECORDS[record.key].title,
            "at": record.made_at.isoformat(),
            "revision": record.revision,
            "by": author.printed,
            "blanks": texts,
            "codes": codes,
            "moments": moments,
            "labels": labels,
            "order": list(labels),
        }

    def _officer(self, user: User, moment: datetime, units: ActingUnits) -> Signatory:
        """The user with the title for an act in these posts on that day."""
        signed = (user.id, self._day(moment), units)
        if signed not in self._officers:  # cache: a few people over hundreds of cases
            self._officers[signed] = signatory(user, title_of(user, self.posts(moment), units))
        return self._officers[signed]

    def _signers(self, case: Case, paper: PaperKind) -> PaperSigners:
        """The persons responsible for a paper. The Kepala Dinas is the user who takes the decision that it documents,
        else the head of the office that day; the unit's head, for a text decided on, is that of the submitting day.
        """
        act, unit = case.procedure.issuers[paper.key], case.complaint.unit_id
        text = case.records.get(act.needs[-1].record) if act.independent and act.needs else None
        return PaperSigners(
            issuer=self._officer(case.user, self.at, acting_units(act, case)),
            kepala_dinas=self._post(None, self.at, case.user.id if act.actor == KEPALA_DINAS else 0),
            head=self._post(unit, text.made_at, text.made_by) if text else self._post(unit, self.at),
        )

    def _clocks(self, case: Case) -> list[RowPart]:
        rows = row_times(
            case.procedure, self.clock, case.runs, case.pauses, self.at, case.procedure.row_no(case.complaint.state)
        )
        return [
            {
                "no": t.mark,
                "title": t.row.title,
                "norm": t.standard,
                "minutes": minutes(t.elapsed),
                "late": t.late,
                "waiting": minutes(t.waiting),
                "runs": [
                    [r.started_at.isoformat(), r.ended_at.isoformat() if r.ended_at else None, minutes(r.elapsed)]
                    for r in t.runs
                ],
            }
            for t in rows
        ]

    def _post(self, unit: int | None, moment: datetime, user: int = 0) -> Signatory | None:
        """The signer of a unit (None: the office): `user` if he may sign that day, else the first signer."""
        signers = self.posts(moment).get(unit, ())
        return next((s for s in signers if s.user == user), signers[0] if signers else None)


def _persons() -> Any:
    return Person.select().where(prepared.is_given(Person.complaint)).order_by(Person.id)


@cache
def _formatters(key: str) -> tuple[tuple[str, pw.Field, Formatter, bool], ...]:
    """Name, field and formatter of each printed blank of such a record, and whether it is masked."""
    fields = [(field, kind_of(field).formatter) for field in readable_blanks(RECORDS[key])]
    return tuple((field.name, field, formatter, is_masked(field)) for field, formatter in fields if formatter)


@cache
def _labels_of(key: str) -> dict[str, str]:
    return {field.name: str(field.verbose_name) for field in readable_blanks(RECORDS[key])}


def _printed(signer: Signatory | None) -> Officer | dict[str, str]:
    return signer.printed if signer else {}


FULLY_MASKED = ("birth",)  # masked entirely: with a name it identifies the person


def masked_content(content: Content) -> Content:
    """The same paper with NIK, phone numbers and addresses masked as on the case's page, in texts as well."""
    complaint = {name: masked_value(value) if name in TEXTS else value for name, value in content["complaint"].items()}
    persons = {kind: _masked_person(person) for kind, person in content["persons"].items()}
    records = {
        key: {**record, "blanks": {name: masked_value(words) for name, words in record["blanks"].items()}}
        for key, record in content["records"].items()
    }
    return {**content, "complaint": complaint, "persons": persons, "records": records}


def _masked_person(person: PersonPart) -> PersonPart:
    masked = dict(person)
    for name, value in person.items():
        if name in Person.SEALED:
            masked[name] = masked_text(name, str(value or ""))
        elif name in FULLY_MASKED and value:
            masked[name] = completely_masked(str(value))
    return masked
