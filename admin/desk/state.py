"""The state of the desk's form: ticked cases, open blanks, versions shown; and the opened case."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from admin.case.forms import DEPUTY, step_form, typed_blanks
from admin.door.rows import MOST_IDS
from models.case.blanks import record_of
from models.records.base import Blanks
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
class DeskState:
    """What is ticked, opened and typed on one page of the desk."""

    step: Transition
    ticked: Versions = field(default_factory=dict)
    opened: dict[str, Versions] = field(default_factory=dict)  # by act
    on_page: list[int] = field(default_factory=list)  # the cases of the page, in order
    page: int = 0
    reading: int = 0  # the case that is opened; 0 for none
    typed: Fields = NOTHING_TYPED  # the fields of the opened blanks and of the page itself, by name
    ready: str = ""  # the value of a checked decision's button, which waits in the tab for confirmation

    @classmethod
    def sent(cls, step: Transition, fields: Fields) -> "DeskState":
        """Parse the fields of the form; 400 for fields that no page of ours sends."""
        opened: dict[str, Versions] = {}
        for act, case, version in _sent_words(fields, "open"):
            opened.setdefault(act, {})[case] = version
        if not set(opened) <= {act.key for act in acts_of(step)}:
            abort(400, UNREADABLE)
        ticked = {case: version for _, case, version in _sent_words(fields, "case")}
        on_page, reading = ([case for _, case, _ in _sent_words(fields, name)] for name in ("shown", "baca"))
        return cls(step, ticked, opened, on_page, page_of(fields.get("hal", "")), next(iter(reading), 0), fields)

    def form_fields(self) -> list[tuple[str, str]]:
        """The fields that the form would send of this state: the inverse of `sent`."""
        opened = [(act, case, version) for act, cases in self.opened.items() for case, version in cases.items()]
        blanks = (DEPUTY, *(_prefix(act, case) for act, case, _ in opened))
        return [
            *(("case", f"{case}:{version}") for case, version in self.ticked.items()),
            *(("open", f"{act}:{case}:{version}") for act, case, version in opened),
            *((name, text) for name, text in self.typed.items(multi=True) if name.startswith(blanks)),
            ("shown", ",".join(str(case) for case in self.on_page)),
            ("hal", str(self.page + 1)),
            *([("baca", str(self.reading))] if self.reading else []),
        ]

    def open(self, act: str, case: int, version: int) -> None:
        """Open the blanks of an act for a case; a case that goes back loses its tick."""
        if act not in {known.key for known in acts_of(self.step)}:
            abort(400, UNREADABLE)
        self.opened.setdefault(act, {})[case] = version
        if act != self.step.key:
            self.ticked.pop(case, None)

    def close(self, act: str, case: int) -> None:
        self.opened.get(act, {}).pop(case, None)

    def only_case(self, act: str, case: int, version: int) -> "DeskState":
        """A state with only this act on this case and its open blanks."""
        if act not in {known.key for known in acts_of(self.step)}:
            abort(400, UNREADABLE)
        is_open = act != self.step.key or case in self.opened.get(act, {})
        ticked = {case: version} if act == self.step.key else {}
        return DeskState(self.step, ticked, {act: {case: version}} if is_open else {}, typed=self.typed)

    def settle(self, case: int, *, read_on: bool) -> None:
        """Remove a decided case; with `read_on` open the next one of the page."""
        self.reading = (self.neighbour(case, 1) or self.neighbour(case, -1)) if read_on else 0
        self.on_page = [number for number in self.on_page if number != case]
        self.ticked.pop(case, None)
        for cases in self.opened.values():
            cases.pop(case, None)

    def neighbour(self, case: int, way: int) -> int:
        """The case after (way 1) or before (-1) another on the page; 0 where there is none."""
        place = self.on_page.index(case) + way if case in self.on_page else -1
        return self.on_page[place] if 0 <= place < len(self.on_page) else 0

    def parts(self) -> Iterator[tuple[Transition, Versions]]:
        """Each act with its cases: first those that go back, then the other ticked ones with the step itself."""
        left = dict(self.ticked)
        for act in acts_of(self.step)[1:]:
            going = self.opened.get(act.key, {})
            left = {case: version for case, version in left.items() if case not in going}
            yield act, going
        yield self.step, left

    def only_part(self) -> tuple[Transition, Versions]:
        """The act and versions of a state made by `only_case`."""
        return next((act, versions) for act, versions in self.parts() if versions)

    def form(self, act: Transition, case: int, values: Blanks | None = None) -> Any:
        """The form of an act for one case: as sent if its blanks were open, else filled with `values`."""
        is_open = case in self.opened.get(act.key, {})
        # blanks that the button has just opened were not on the page that was sent
        were_sent = is_open and any(name.startswith(_prefix(act.key, case)) for name in self.typed)
        return blanks_form(act, case, values, self.typed if were_sent else None)

    def blanks_of(self, act: Transition, case: int) -> tuple[Blanks, str]:
        """The values typed for a case, and the validation errors in a sentence; ({}, "") where no blanks are open."""
        model = record_of(act)
        if model is None or case not in self.opened.get(act.key, {}):
            return {}, ""
        form = self.form(act, case)
        wrong = "" if form.validate() else " ".join(f"{f.label.text}: {f.errors[0]}" for f in form if f.errors)
        typed = typed_blanks(form, act, many=False)
        return {**typed, **model.implied(typed)}, wrong


def acts_of(step: Transition) -> list[Transition]:
    """The acts that the desk offers: the step, and the ways back that take many cases at once."""
    return [step, *(act for act in current_procedure().other_ways(step) if act.bulk)]


def blanks_form(act: Transition, case: int, values: Blanks | None, sent: Any = None) -> Any:
    return step_form(act, values, posted=sent, many=False, only=blanks_in_place(act), prefix=_prefix(act.key, case))


def _prefix(act: str, case: int) -> str:
    """The prefix of the field names of an act's blanks for a case."""
    return f"{act}-{case}-"


def page_of(typed: str) -> int:
    """The page of the desk, from 0; text that is not a number is the first."""
    return int(typed) - 1 if re.fullmatch(r"[1-9][0-9]{0,3}", typed, re.ASCII) else 0


def pressed_button() -> tuple[str, str, int, int]:
    """The pressed button: word, act, case, version; ("stay", "", 0, 0) if none was pressed."""
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
