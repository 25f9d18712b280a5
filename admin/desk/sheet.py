"""The desk's state: ticked cases, open blanks, versions shown; and a case laid open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from admin.case.decisions import RecordInWords, Returned, pengadu_name, records_in_words, return_words, undrawn
from admin.case.forms import DEPUTY, step_form, typed_blanks
from admin.door.rows import MOST_IDS, signed_in
from admin.papers.drafts import DrawnSheet, decided_on, drawn_sheet
from admin.papers.evidence import EvidenceLine, evidence_of
from models.case import access_notes
from models.case.blanks import record_of
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.records.base import Blanks
from models.store.base import now
from models.workflow import workflow
from sop.flow import current_procedure
from sop.procedure import Transition

WORD = re.compile(
    r"(?:(?P<act>[a-z][a-z0-9_]{0,39}):)?(?P<case>[1-9][0-9]{0,9})(?::(?P<version>[0-9]{1,9}))?", re.ASCII
)
Versions = dict[int, int]  # by complaint
Fields = MultiDict[str, str]  # as a form sends them
NOTHING_TYPED: Fields = ImmutableMultiDict()
UNREADABLE = "Isian pada halaman ini tidak terbaca. Muat ulang halamannya."


@dataclass
class Sheet:
    """What was ticked and opened on one page of the desk."""

    step: Transition
    ticked: Versions = field(default_factory=dict)
    opened: dict[str, Versions] = field(default_factory=dict)  # by act
    on_page: list[int] = field(default_factory=list)  # the cases of the page, in order
    page: int = 0
    reading: int = 0  # the case that is laid open to be read
    typed: Fields = NOTHING_TYPED  # the blanks of what is opened, and of the sheet itself, under their names
    ready: str = ""  # the button of a decision that may go, and now waits in the tab

    @classmethod
    def sent(cls, step: Transition, fields: Fields) -> "Sheet":
        """The sheet as a form sends it; 400 for what no page of ours sends."""
        opened: dict[str, Versions] = {}
        for act, case, version in _sent_words(fields, "open"):
            opened.setdefault(act, {})[case] = version
        if not set(opened) <= {act.key for act in acts_of(step)}:
            abort(400, UNREADABLE)
        ticked = {case: version for _, case, version in _sent_words(fields, "case")}
        on_page, reading = ([case for _, case, _ in _sent_words(fields, name)] for name in ("shown", "baca"))
        return cls(step, ticked, opened, on_page, page_of(fields.get("hal", "")), next(iter(reading), 0), fields)

    def as_sent(self) -> list[tuple[str, str]]:
        """The same the other way: what a form would send of the sheet as it is now."""
        laid = [(act, case, version) for act, cases in self.opened.items() for case, version in cases.items()]
        blanks = (DEPUTY, *(_prefix(act, case) for act, case, _ in laid))
        return [
            *(("case", f"{case}:{version}") for case, version in self.ticked.items()),
            *(("open", f"{act}:{case}:{version}") for act, case, version in laid),
            *((name, text) for name, text in self.typed.items(multi=True) if name.startswith(blanks)),
            ("shown", ",".join(str(case) for case in self.on_page)),
            ("hal", str(self.page + 1)),
            *([("baca", str(self.reading))] if self.reading else []),
        ]

    def open(self, act: str, case: int, version: int) -> None:
        """Lay the blanks of an act beside a case; a case that goes back is not ticked."""
        if act not in {one.key for one in acts_of(self.step)}:
            abort(400, UNREADABLE)
        self.opened.setdefault(act, {})[case] = version
        if act != self.step.key:
            self.ticked.pop(case, None)

    def close(self, act: str, case: int) -> None:
        self.opened.get(act, {}).pop(case, None)

    def alone(self, act: str, case: int, version: int) -> "Sheet":
        """A sheet of nothing but this act on this case, with the blanks that lie open for it."""
        if act not in {one.key for one in acts_of(self.step)}:
            abort(400, UNREADABLE)
        laid = act != self.step.key or case in self.opened.get(act, {})
        ticked = {case: version} if act == self.step.key else {}
        return Sheet(self.step, ticked, {act: {case: version}} if laid else {}, typed=self.typed)

    def settle(self, case: int, *, read_on: bool) -> None:
        """A case was decided on and leaves the sheet; if one reads on, the one beneath it is laid open."""
        self.reading = (self.neighbour(case, 1) or self.neighbour(case, -1)) if read_on else 0
        self.on_page = [number for number in self.on_page if number != case]
        self.ticked.pop(case, None)
        for cases in self.opened.values():
            cases.pop(case, None)

    def neighbour(self, case: int, way: int) -> int:
        """The case that lies after (1) or before (-1) another on the page; 0 where there is none."""
        place = self.on_page.index(case) + way if case in self.on_page else -1
        return self.on_page[place] if 0 <= place < len(self.on_page) else 0

    def parts(self) -> Iterator[tuple[Transition, Versions]]:
        """Each act with its cases: those that go back first; what is left of the ticked ones takes the step."""
        left = dict(self.ticked)
        for act in acts_of(self.step)[1:]:
            going = self.opened.get(act.key, {})
            left = {case: version for case, version in left.items() if case not in going}
            yield act, going
        yield self.step, left

    def only_part(self) -> tuple[Transition, Versions]:
        """The act of a sheet that holds one alone."""
        return next((act, versions) for act, versions in self.parts() if versions)

    def form(self, act: Transition, case: int, values: Blanks | None = None) -> Any:
        """The blanks of an act for one case: as sent if they lay open, else filled with `values`."""
        laid = case in self.opened.get(act.key, {})
        # blanks that the button has just opened were not on the page that was sent
        were_sent = laid and any(name.startswith(_prefix(act.key, case)) for name in self.typed)
        return blanks_form(act, case, values, self.typed if were_sent else None)

    def blanks_of(self, act: Transition, case: int) -> tuple[Blanks, str]:
        """What was filled in for a case, and the sentence why it will not do; nothing where no blanks lie open."""
        model = record_of(act)
        if model is None or case not in self.opened.get(act.key, {}):
            return {}, ""
        form = self.form(act, case)
        wrong = "" if form.validate() else " ".join(f"{f.label.text}: {f.errors[0]}" for f in form if f.errors)
        typed = typed_blanks(form, act, many=False)
        return {**typed, **model.implied(typed)}, wrong


def acts_of(step: Transition) -> list[Transition]:
    """What may be done in place: the step, and the ways back that take many at once."""
    return [step, *(act for act in current_procedure().other_ways(step) if act.bulk)]


def blanks_form(act: Transition, case: int, values: Blanks | None, sent: Any = None) -> Any:
    return step_form(act, values, posted=sent, many=False, only=blanks_in_place(act), prefix=_prefix(act.key, case))


def _prefix(act: str, case: int) -> str:
    """What the names of an act's blanks for a case begin with."""
    return f"{act}-{case}-"


def page_of(typed: str) -> int:
    """The page of the desk, from 0; whatever is not a number is the first."""
    return int(typed) - 1 if re.fullmatch(r"[1-9][0-9]{0,3}", typed, re.ASCII) else 0


def pressed_button() -> tuple[str, str, int, int]:
    """The button: what it does, with which act, to which case at which version; none decides nothing."""
    word, _, rest = request.form.get("do", "stay").partition(":")
    button = WORD.fullmatch(rest) if rest else None
    if rest and not button:
        abort(400, UNREADABLE)
    return (word, button["act"] or "", int(button["case"]), int(button["version"] or 0)) if button else (word, "", 0, 0)


def blanks_in_place(act: Transition) -> tuple[str, ...]:
    """The blanks of an act that the desk asks for in place."""
    model = record_of(act)
    return (model.in_place or tuple(f.name for f in model.blanks())) if model else ()


def _sent_words(fields: Fields, name: str) -> list[tuple[str, int, int]]:
    matches = [WORD.fullmatch(word) for match in fields.getlist(name) for word in match.split(",") if word]
    if not all(matches) or len(matches) > MOST_IDS:
        abort(400, UNREADABLE)
    return [(match["act"] or "", int(match["case"]), int(match["version"] or 0)) for match in matches if match]


OPENED = "meja"  # what the access log says was opened


@dataclass(frozen=True)
class Leaf:
    """What is read of one case before it is decided on, and which leaves lie before and after it."""

    complaint: Complaint
    pengadu: str
    returned: Returned | None
    records: list[RecordInWords]
    evidence: list[EvidenceLine]
    sheets: list[DrawnSheet]
    drafted: bool  # the papers are not issued yet
    pdf: str
    place: int
    count: int
    before: str
    after: str


def leaf_of(sheet: Sheet) -> Leaf | None:
    """The case that the sheet lays open, noted as opened before it is shown; None where the step does not await it."""
    case, why = _awaited(sheet)
    return None if case is None or why else _leaf(sheet, case)


def leaf_part(sheet: Sheet, **context: Any) -> str:
    """The leaf as a small page that a script takes it from."""
    return render_template("admin/desk/leaf.html", leaf=leaf_of(sheet), sheet=sheet, **context)


def refuse_unawaited(sheet: Sheet) -> None:
    """404 of what is not the person's, 409 with the sentence of what is not to be decided on now."""
    if why := why_unawaited(sheet):
        abort(409, why)


def why_unawaited(sheet: Sheet) -> str:
    """Why the case that the sheet lays open is not to be decided on now; 404 of what is not the person's."""
    case, why = _awaited(sheet)
    return why if case else abort(404)


def _awaited(sheet: Sheet) -> tuple[Case | None, str]:
    cases, refused = workflow.verdicts([sheet.reading], sheet.step.key, by=signed_in())
    return cases.get(sheet.reading), refused.get(sheet.reading, "")


def _leaf(sheet: Sheet, case: Case) -> Leaf:
    access_notes.note(case, OPENED)
    c, step = case.complaint, sheet.step
    composer = Composer({c.id: case}, open_seals([c.id]), at=now(), demo=False)
    kind = next((paper.key for paper in step.papers), "")
    contents = decided_on(case, step)
    return Leaf(
        c,
        pengadu_name(case),
        return_words(case, composer),
        [one for one in undrawn(step, records_in_words(step, case, composer)) if one.needed],
        evidence_of(c.id),
        [drawn_sheet(content, content["paper"]["title"]) for content in contents],
        step.independent,
        url_for("dokumen.draft", complaint=c.id, kind=kind) if kind else "",
        sheet.on_page.index(c.id) + 1 if c.id in sheet.on_page else 1,
        len(sheet.on_page) or 1,
        _neighbour_url(sheet, -1),
        _neighbour_url(sheet, 1),
    )


def _neighbour_url(sheet: Sheet, way: int) -> str:
    number = sheet.neighbour(sheet.reading, way)
    return leaf_url(sheet.step, number) if number else ""


def leaf_url(step: Transition, complaint: int) -> str:
    """Where a case is laid open on the desk."""
    return url_for("meja.read", key=step.key, complaint=complaint)
