"""Previews of every paper for an invented case, printed by the office's settings; no real case is read."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

from models.case.case import Case
from models.case.clocks import RunSpan
from models.case.content import Composer
from models.case.in_force import WrittenRecord
from models.case.sheets import KIND, blank_form
from models.complaint.complaint import Complaint, Person
from models.complaint.number import GivenNumber, formatted_number
from models.complaint.paper import Content
from models.office.identity import AREA_CODE, UNIT_CODE, with_gaps
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import Division, PostBook, Posts, User, today
from models.office.settings import EMBLEM, OPTIONS, PRINTED, Settings
from models.office.wording import PREFIX, WORDING
from models.records.fields import kind_of
from models.records.registry import RECORDS
from models.store.seal import Seal
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, PaperKind, Transition
from sop.vocabulary import CLOSED, REGISTER, vocabulary

PLACE = 12  # sequence number used in sample numbers
_OF_FEW = {"paper.disposition": ("lembar_disposisi", "tanda_terima"), "paper.paraf": ("nota_dinas",)}
_SAMPLE = json.loads((Path(__file__).parents[1] / "data" / "sample.json").read_text(encoding="utf-8"))


class _Plain:
    """Stands in for a case's seal: the sample's values are not encrypted."""

    def open_text(self, label: str, text: Any) -> str:
        return str(text or "")


def contents(settings: Mapping[str, Any], kinds: tuple[str, ...], *, at: datetime, key: str = "") -> list[Content]:
    """These papers of the sample, marked as draft and demo; `key` is the setting that they must show."""
    day = at.astimezone(WIB).date()
    tuesday = day - timedelta((day.weekday() - 1) % 7)  # the latest one, so that the sample's runs lie in working time
    settings, moment = with_gaps(dict(settings)), datetime.combine(tuesday, time(10, 30), WIB)
    issued = [vocabulary().papers[kind] for kind in kinds if kind in vocabulary().papers]
    wanted = WORDING[key.removeprefix(PREFIX)].sample if key.startswith(PREFIX) else {}
    made = _Sample(settings, moment, _merged(_SAMPLE, wanted)).composed(issued) if issued else []
    return made + [blank_form(at=moment, demo=True, settings=settings)] * (KIND in kinds)


def paper_kinds() -> dict[str, str]:
    """The title of every kind of paper, and of the blank form of the counter."""
    return {**{key: paper.title for key, paper in vocabulary().papers.items()}, KIND: "Formulir kosong untuk loket"}


def printed_on(key: str) -> tuple[str, ...]:
    """The kinds of paper that show a setting."""
    family, _, name = key.partition(".")
    if key.startswith(PREFIX):
        return _worded_by(key.removeprefix(PREFIX))
    if key in (UNIT_CODE, AREA_CODE, "number.class"):
        return tuple(_numbered())
    if family == "number":
        return _numbered_by(name)
    if key in _OF_FEW:
        return _OF_FEW[key]
    return tuple(paper_kinds()) if family in PRINTED or key in ("paper.size", EMBLEM) else ()


def _worded_by(text: str) -> tuple[str, ...]:
    """The papers that show a text; a text without papers is shown on all that have no text of their own."""
    if WORDING[text].is_email:
        return ()
    worded = {wording.paper for wording in WORDING.values()}
    return WORDING[text].papers or tuple(kind for kind in paper_kinds() if kind not in worded)


def _numbered_by(pattern: str) -> tuple[str, ...]:
    """The papers whose number follows a pattern: that of their series, or "other"."""
    patterns = {series: series if f"number.{series}" in OPTIONS else "other" for series in _numbered().values()}
    return tuple(kind for kind, series in _numbered().items() if patterns[series] == pattern)


def _numbered() -> dict[str, str]:
    return {key: paper.series for key, paper in vocabulary().papers.items() if paper.series}


class _PostsOfToday(PostBook):
    """Signs the invented case by those who hold the posts now, whatever its day."""

    def on(self, day: date) -> Posts:
        return super().on(today())

    def titles_on(self, day: date) -> dict[int | None, str]:
        return super().titles_on(today())


class _Sample:
    """The invented case with all steps done; created for each preview."""

    def __init__(self, settings: Settings, at: datetime, invented: Mapping[str, Any]) -> None:
        self.invented = invented
        self.case = _case(settings, at, invented)
        self.composer = composer = Composer({0: self.case}, {0: cast(Seal, _Plain())}, at=at, demo=True)
        composer.post_book = _PostsOfToday()
        composer.users[0] = self.case.user
        composer.media[0] = Medium(name=invented["medium"], group="langsung")
        composer.kelurahan[0] = Kelurahan(name="Contoh", kecamatan="Contoh")
        people = {"pengadu": invented["person"], "kuasa": invented.get("kuasa")}
        composer.persons = {0: {who: Person(kind=who, kelurahan=0, **of) for who, of in people.items() if of}}
        composer.attachments = {0: []}
        composer.numbers = {0: self._numbers()}

    def composed(self, papers: list[PaperKind]) -> list[Content]:
        """Add a run for each row of the main line and the record that each act would have written, then compose."""
        case, clock = self.case, self.composer.clock
        for number, row in enumerate(current_procedure().rows, 1):
            start = case.at - timedelta(minutes=150 - 20 * number)
            case.runs.append(replace(RunSpan.entering(row, start, clock), ended_at=start + timedelta(minutes=4)))
            for step in (step for step in row.transitions if step.record in RECORDS):
                case.records[step.record] = self._record(step, start)
        deputy = self.invented.get("deputy")
        return [self.composer.compose(case, paper, draft=True, deputy=deputy) for paper in papers]

    def _numbers(self) -> dict[str, GivenNumber]:
        case = self.case
        unit = self.composer.divisions.get(case.complaint.unit_id)
        code = unit.paper_code if unit else ""
        drawn = {
            series: formatted_number(series, PLACE, case.at, case.settings, code)
            for series in set(_numbered().values())
        }
        case.complaint.number = drawn[REGISTER]
        return {series: GivenNumber(text, case.at.isoformat()) for series, text in drawn.items()}

    def _record(self, step: Transition, at: datetime) -> WrittenRecord:
        model, invented = RECORDS[step.record], self.invented["records"].get(step.record, {})
        posts = {KEPALA_DINAS: None, BIDANG: self.case.complaint.unit_id}
        signers = self.composer.posts(at).get(posts[step.actor], ()) if step.actor in posts else ()
        known = {**model.proposed(self.case), **invented}
        blanks = {field.name: known.get(field.name) or kind_of(field).invented(field, at) for field in model.blanks()}
        maker = signers[0].user if signers else 0
        return WrittenRecord(model.key, 0, step.key, maker, at, {**blanks, **invented})


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` updated recursively with `changes`."""
    both = {name: _merged(base[name], value) for name, value in changes.items() if isinstance(base.get(name), dict)}
    return {**base, **changes, **both}


def _case(settings: Settings, at: datetime, invented: Mapping[str, Any]) -> Case:
    unit = Division.select().where(Division.on(today()) & (Division.kind == "bidang")).order_by(Division.id).first()
    complaint = Complaint(
        category=0,
        medium=0,
        kelurahan=0,
        registrar=0,
        unit=unit,
        urgency="segera",
        law_class="tidak_berkadar",
        received_at=at - timedelta(hours=3),
        recorded_at=at - timedelta(hours=3),
        answer_due_at=at + timedelta(days=20),
        legal_due_at=at + timedelta(days=20),
        state=CLOSED,
        state_since=at,
        **{"secrecy": "biasa", **invented["complaint"]},
    )
    complaint.id = 0
    user = User(id=0, name="Nama Petugas Contoh", nip="", role=current_procedure().receive.actor)
    return Case(
        complaint,
        Category(name=invented["category"], unit=unit),
        user,
        at,
        settings,
        pengadu=invented["person"]["name"],
    )
