"""Lists that are signed, as papers of their own: what is brought to one signer, and the approvals of a day."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from textwrap import shorten
from typing import Any

import peewee as pw

from models.case.access_notes import is_secret, log_list, unless_secret
from models.case.blanks import record_of
from models.case.content_parts import frame
from models.complaint import scope
from models.complaint.codes import keep_code, new_code
from models.complaint.complaint import Complaint
from models.complaint.event import append_written, open_seals
from models.complaint.number import APPROVALS, COVERING, Number, draw_for_no_case
from models.complaint.paper import Content, Paper, PaperToSign, is_void, signers_of
from models.complaint.scope import Viewer
from models.complaint.taken import record_taken
from models.office.people import Division, User, accounts_of, posts_by_unit, signatory, title_of
from models.records.fields import blanks_in_words
from models.records.in_words import Names, Words
from models.store.base import CurrentChoices, Model, Moment, canonical_words, database, insert_rows
from models.store.seal import ERASED, BrokenSeal, Seal, ring
from sop.clock import WIB
from sop.procedure import KEPALA_DINAS, LANES, Transition
from sop.signers import is_sent_to_signer, label_of
from sop.vocabulary import REGISTER, vocabulary
from sop.words import format_date, in_a_list, spoken_title, weekday

COVERING_TITLE, APPROVALS_TITLE = "Daftar Pengantar", "Daftar {} yang disetujui"


def kinds() -> list[tuple[str, str]]:
    """The kinds of list, with their titles."""
    approved = dict.fromkeys(step.papers[0].title for step in vocabulary().transitions.values() if step.independent)
    return [(COVERING, COVERING_TITLE), (APPROVALS, APPROVALS_TITLE.format(in_a_list(list(approved))))]


class IssuedList(Model):
    """An issued list; never changed, always printed from its frozen content.

    The content is sealed under the panel's key; what it says of a case beyond numbers, under the key of that case.
    """

    append_only = True
    not_digested = ("counted", "content", "sha256")
    proof = "Daftar"
    unproven = ("content",)  # covered by `sha256`

    number = pw.ForeignKeyField(Number, verbose_name="Nomor", unique=True, on_delete="RESTRICT")
    kind = pw.CharField(verbose_name="Jenis", max_length=40, choices=CurrentChoices(kinds), index=True)
    about = pw.CharField(verbose_name="Perihal", max_length=300)  # the signer, or the day
    counted = pw.CharField(max_length=64, unique=True)  # keyed hash of what it lists and who signs
    content = pw.BlobField()
    sha256 = pw.CharField(max_length=64)
    issued_by = pw.ForeignKeyField(User, verbose_name="Diterbitkan oleh", on_delete="RESTRICT")
    issued_at = Moment(verbose_name="Terbit pada", index=True)

    def __str__(self) -> str:
        return f"{dict(kinds()).get(self.kind, self.kind)} {self.number.text}"


def may_list(who: Viewer) -> Any:
    """Condition: the user issued the list, or reads all cases, or all that are not rahasia."""
    return scope.TRUE if who.reads_most else IssuedList.issued_by == who.user


def opened_list(paper: IssuedList, who: Viewer) -> Content | None:
    """The content, recorded in the access log; None if it tells of a case that the user may not read by now."""
    content = content_of_list(paper)
    rows = content["rows"]
    named = {row["case"] for row in rows if not row["closed"]}
    if scope.visible(who.user, Complaint, who).where(Complaint.id.in_(named)).count() < len(named):
        return None
    cases = Complaint.select().where(Complaint.id.in_({row["case"] for row in rows}))
    log_list(who.user, content["paper"]["title"], cases, asked=paper.number.text, every=True)
    return content


def content_of_list(paper: IssuedList) -> Content:
    """The frozen content; BrokenSeal if it does not match its hash. Where the key of a case was destroyed, its cells
    say so."""
    sealed, label = bytes(paper.content), _label(paper.number_id)
    if hashlib.sha256(sealed).hexdigest() != paper.sha256:
        raise BrokenSeal
    content: Content = json.loads(ring().panel.open_text(label, sealed))
    seals = open_seals({row["case"] for row in content["rows"]})
    content["rows"] = [{**row, **_opened(row, seals[row["case"]], label)} for row in content["rows"]]
    return content


def _opened(row: Mapping[str, Any], seal: Seal, label: str) -> dict[str, str]:
    """The cells of a row that are sealed under the key of its case."""
    if seal.is_gone:
        return dict.fromkeys(row["cells"], ERASED)
    cells: dict[str, str] = json.loads(seal.open_text(label, b64decode(row["sealed"]))) if row["sealed"] else {}
    return cells


def _sealed(row: Mapping[str, Any], seal: Seal, label: str) -> dict[str, Any]:
    """The row as frozen: its cells by name alone, and sealed."""
    text = canonical_words(row["cells"]) if row["cells"] and not seal.is_gone else None
    closed = seal.close_text(label, text) if text else b""
    return {**row, "cells": list(row["cells"]), "sealed": b64encode(closed or b"").decode()}


def _label(number: int) -> str:
    return f"list/{number}"


def _issue(kind: str, about: str, facts: Content, *, title: str, by: User, at: datetime, demo: bool) -> IssuedList:
    """Issue the list, or return the existing one that tells the same. Call inside a transaction."""
    secret = ring().derived("lists that are signed")
    counted = hmac.digest(secret, canonical_words([kind, about, facts]).encode(), hashlib.sha256).hex()
    same = IssuedList.select().where(IssuedList.counted == counted)
    if known := same.get_or_none():
        return known  # type: ignore[no-any-return]
    content = {**frame(kind, title, at=at, demo=demo), **facts, "code": new_code()}
    number = draw_for_no_case(kind, at)
    label, seals = _label(number.id), open_seals({row["case"] for row in facts["rows"]})
    content["rows"] = [_sealed(row, seals[row["case"]], label) for row in facts["rows"]]
    content["paper"] = {**content["paper"], "number": number.text}
    sealed = ring().panel.close_text(label, canonical_words(content)) or b""
    row = {"number": number.id, "kind": kind, "about": about, "counted": counted, "content": sealed}
    row |= {"sha256": hashlib.sha256(sealed).hexdigest(), "issued_by": by.id, "issued_at": at}
    insert_rows(IssuedList, [row])
    keep_code(content, about=f"nomor {number.text}", sha256=row["sha256"], by=by, at=at)
    append_written()
    issued: IssuedList = same.get()
    return issued


def _signing(role: str, label: str, printed: Mapping[str, Any]) -> dict[str, str]:
    """A signer in the content, with the name and the label of his signature field."""
    return {"role": role, "as": label, **printed}


CLOSED = "Rahasia – dalam amplop tertutup"
NONE = (
    f"Tidak ada yang kini dibawa untuk ditandatangani di antara dokumen yang dipilih, jadi tidak ada {COVERING_TITLE}."
)
PRINTED = ("name", "title", "pangkat", "nip")


@dataclass(frozen=True)
class NextSigner:
    """To whom a paper is brought: the first in the order of its signers who has not signed. `printed` are the values of
    PRINTED, empty where the key of the case was destroyed."""

    role: str
    person: int | None
    printed: tuple[str, ...]

    def is_of(self, accounts: Iterable[User]) -> bool:
        """Whether one of these users signs; of papers of before only the name is known."""
        name = self.printed[0]
        return any(self.person == user.id or (self.person is None and name == user.name) for user in accounts)

    @property
    def part(self) -> str:
        """His part in the SOP."""
        return LANES.get(self.role) or label_of(self.role)

    @property
    def words(self) -> str:
        name, title, *_ = self.printed
        return ", ".join(filter(None, (name, spoken_title(title))))


def to_sign(papers: Iterable[Paper], of_signers: pw.Expression | None = None) -> dict[Paper, NextSigner]:
    """The papers that wait for a signature for which they are brought to the signer, each with who signs next;
    `of_signers` limits who that is."""
    by_id = {paper.id: paper for paper in papers}
    pending = PaperToSign.paper.in_(list(by_id))
    rows = PaperToSign.select(PaperToSign.paper, PaperToSign.role, PaperToSign.person).where(pending)
    lacking: dict[int, dict[str, int | None]] = {}
    for number, role, person in rows.tuples():
        if is_sent_to_signer(role):
            lacking.setdefault(number, {})[role] = person
    chosen = {row[:2] for row in (rows if of_signers is None else rows.where(of_signers)).tuples()}
    seals = open_seals({by_id[number].complaint_id for number in lacking})
    upcoming = {
        paper: _next_of(paper, lacking[paper.id], seals[paper.complaint_id])
        for paper in by_id.values()
        if paper.id in lacking
    }
    return {paper: signer for paper, signer in upcoming.items() if (paper.id, signer.role) in chosen}


def _next_of(paper: Paper, lacking: Mapping[str, int | None], seal: Seal) -> NextSigner:
    signers = signers_of(paper, seal)
    role = next(role for role in (*signers, *lacking) if role in lacking)
    printed = signers.get(role, {})
    return NextSigner(role, lacking[role], tuple(str(printed.get(key, "")) for key in PRINTED))


def count_own(papers: Mapping[Paper, NextSigner], by: User) -> int:
    """How many of these papers `by` signs next: he does not hand them out to himself."""
    own = accounts_of(by)
    return sum(signer.is_of(own) for signer in papers.values())


def issue_covering(papers: Mapping[Paper, NextSigner], *, by: User, at: datetime, demo: bool) -> list[IssuedList]:
    """Issue a covering list for each signer of these papers but `by`, who hands them out, and record who was brought
    what; on the same day the same papers have the same list, and are recorded once."""
    day = at.astimezone(WIB).date()
    giver = _signing("menyerahkan", "Yang menyerahkan", signatory(by, title_of(by, posts_by_unit(day), ())).printed)
    own = accounts_of(by)
    handed = {paper: signer for paper, signer in papers.items() if not signer.is_of(own)}
    lists = []
    with database.atomic():
        for about, taker, facts, group in _brought(handed):
            signers = [_signing("menyerahkan", "Yang menyerahkan", giver), taker]
            facts = {"day": day.isoformat(), "signers": signers, **facts}
            issued = _issue(COVERING, about, facts, title=COVERING_TITLE, by=by, at=at, demo=demo)
            taken = {paper: (handed[paper].role, handed[paper].person) for paper in group}
            if record_taken(issued.number_id, taken, issued.issued_at):
                append_written()
            lists.append(issued)
    return lists


def _brought(papers: Mapping[Paper, NextSigner]) -> Iterator[tuple[str, Content, Content, list[Paper]]]:
    """For each signer what the list is about, who receives it, its facts, and its papers. Papers of rahasia cases have
    lists of their own, which tell no more of the signer than his part in the SOP: his post could reveal the subject.
    There is but one Kepala Dinas, who is named."""
    ids = {paper.complaint_id for paper in papers}
    cases = {case.id: case for case in Complaint.select().where(Complaint.id.in_(ids))}
    dates = _dates_of(papers)
    groups: dict[tuple[bool, str, tuple[str, ...]], list[Paper]] = {}
    for paper, signer in papers.items():
        case = cases[paper.complaint_id]
        closed = is_secret(case)
        key = (closed, signer.part if closed else signer.words, signer.printed)
        groups.setdefault(key, []).append(paper)
    for (closed, words, printed), group in groups.items():
        rows = [_row(paper, cases[paper.complaint_id], dates[paper.id]) for paper in group]
        is_told = not closed or spoken_title(printed[1]).endswith(LANES[KEPALA_DINAS])
        shown = printed if is_told else ("",) * len(PRINTED)
        taker = _signing("menerima", "Yang menerima", dict(zip(PRINTED, shown, strict=True)))
        about = ": ".join(filter(None, (CLOSED, words))) if closed else words or "Tanpa nama"
        yield about, taker, {"closed": closed, "lane": words if closed else "", "rows": rows}, group


def _dates_of(papers: Iterable[Paper]) -> dict[int, str]:
    """The date that each paper bears, by id: that of its own number, or of its issue."""
    papers = list(papers)
    own = Number.complaint.in_({paper.complaint_id for paper in papers}) & (Number.series != REGISTER)
    number_dates = {
        (case, text): at
        for case, text, at in Number.select(Number.complaint, Number.text, Number.given_at).where(own).tuples()
    }
    return {
        paper.id: number_dates.get((paper.complaint_id, paper.number), paper.issued_at).isoformat() for paper in papers
    }


def _row(paper: Paper, case: Complaint, dated: str) -> Content:
    """A paper as listed; that of a rahasia case is identified by its kind and the register number, which stays where it
    is the paper's own."""
    return {
        "case": case.id,
        "closed": is_secret(case),
        "title": vocabulary().papers[paper.kind].title,
        "number": paper.number if paper.number == case.number else unless_secret(case, paper.number),
        "date": dated,
        "register": case.number,
        "cells": {},
    }


DAY = timedelta(days=1)
LONGEST = 300  # characters of a decision: a table cell cannot be split over two pages


def issue_approvals(step: Transition, who: Viewer, day: date, *, at: datetime, demo: bool) -> IssuedList | None:
    """Issue the list of the papers that a day's decisions issued, as far as the user may read them; None without any.
    The same list has one number, whoever asks for it."""
    rows = papers_issued(step, who, day)
    if not rows:
        return None
    decisions, dates, posts = decisions_in_words(step, rows), _dates_of(rows), posts_by_unit(day)
    deciders = {row.issued_by.id: row.issued_by for row in rows}  # each once
    facts = {
        "day": datetime.combine(day, time(), WIB).isoformat(),
        "kind": step.papers[0].title,
        "signers": [
            _signing(
                step.actor if place == 1 else f"{step.actor}_{place}",
                LANES[step.actor],
                signatory(user, title_of(user, posts, (None,))).printed,
            )
            for place, user in enumerate(deciders.values(), 1)
        ],
        "rows": [_decided(row, decisions.get(row.id, {}), dates[row.id]) for row in rows],
    }
    title, about = APPROVALS_TITLE.format(facts["kind"]), f"{weekday(day)}, {format_date(day)}"
    with database.atomic():
        return _issue(APPROVALS, about, facts, title=title, by=who.user, at=at, demo=demo)


def _decided(row: Any, decision: Mapping[str, Words], dated: str) -> Content:
    case = row.complaint
    return {
        "case": case.id,
        "closed": is_secret(case),
        "number": unless_secret(case, row.number),
        "date": dated,
        "register": case.number,
        "at": row.issued_at.isoformat(),
        "by": row.issued_by.name,
        "cells": {
            "title": unless_secret(case, case.title),
            "unit": unless_secret(case, case.unit.name if case.unit_id else "–"),
            "decision": shorten(": ".join(map(str, decision.values())), LONGEST, placeholder=" …"),
        },
    }


def papers_issued(step: Transition, who: Viewer, day: date, *, first: int = 0, most: int | None = None) -> list[Any]:
    """The valid papers issued by a decision on a day that the user may read; `most` of them, starting at `first`."""
    query = _issued(step, who, day).select(Paper, Complaint, Division, User)
    query = query.join_from(Paper, Complaint).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    query = query.join_from(Paper, User, on=Paper.issued_by == User.id, attr="issued_by")
    return list(query.order_by(Paper.id).limit(most).offset(first or None))


def count_issued(step: Transition, who: Viewer, day: date) -> int:
    count: int = _issued(step, who, day).count()
    return count


def _issued(step: Transition, who: Viewer, day: date) -> Any:
    begins = datetime.combine(day, time(), WIB)
    issued = (Paper.issued_at >= begins) & (Paper.issued_at < begins + DAY) & (Paper.kind == step.papers[0].key)
    return scope.visible(who.user, Paper, who).where(issued & ~is_void())


def decisions_in_words(step: Transition, rows: list[Any]) -> dict[int, dict[str, Words]]:
    """The decision's record in words, by paper id; record and paper have the same moment.

    For a rahasia case only choices: free text could reveal its subject.
    """
    model = record_of(step)
    if model is None:
        return {}
    of_rows = model.complaint.in_([row.complaint_id for row in rows])
    records = model.select().where(of_rows & model.act.in_(vocabulary().keys_of(step)))
    made = {(record["complaint"], record["made_at"]): record for record in records.dicts()}
    written = [blank.name for blank in model.blanks()]
    picked = [blank.name for blank in model.blanks() if blank.choices]
    names = Names()
    open_ = {row.id: picked if is_secret(row.complaint) else written for row in rows}
    return {
        row.id: blanks_in_words(model, made[row.complaint_id, row.issued_at], names, open_[row.id])
        for row in rows
        if (row.complaint_id, row.issued_at) in made
    }
