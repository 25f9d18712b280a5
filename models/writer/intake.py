"""Receiving: a new complaint with its number, persons, clocks, first papers and history, in one transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.case import attachments
from models.case.case import load
from models.case.clocks import RunSpan
from models.evidence.incoming import Piece
from models.office.calendar import clock
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import User
from models.office.settings import Settings, longest_deadline, values
from models.store import seal
from models.store.base import Columns, Model, database, insert_rows, now
from models.tables import number
from models.tables.complaint import (
    SEXES,
    CaseKey,
    Complaint,
    Person,
    Run,
    nik_note,
)
from models.tables.scope import Viewer, viewer
from models.writer.workflow import Outcome
from models.writer.write import announce, run_columns
from sop import flow
from sop.access import SECRECY, URGENCY, lanes
from sop.clock import WIB, Clock, HoursUnknown
from sop.procedure import ROWS

DEFAULT_CATEGORY = "belum_dipilah"
REPEATED = "Formulir ini sudah tersimpan."
TEXTS = ("title", "story", "asks", "medium_ref", "event_date", "event_place", "accused", "loss", "evidence")
PERSON_TEXTS = ("name", "birth", "age", "job", "relation", "group")


def receive(
    *,
    by: User,
    data: Mapping[str, Any],
    persons: Mapping[str, Mapping[str, Any]],
    opened_at: datetime | None = None,
    at: datetime | None = None,
    pieces: Sequence[Piece] = (),
) -> Outcome:
    """Register a complaint: `data` by column of Complaint, `persons` by kind (pengadu, yang_bersangkutan, kuasa).

    Only medium, story and a name (or anonymous) must be there; the category fills in the rest. `opened_at` is when the
    form was opened (starts row 1's clock), `at` the moment of recording, `pieces` the evidence that was handed over.
    `data["form_digest"]`, if any, is of the form itself: it becomes one complaint, however often it is sent.
    Refusals come under id 0.
    """
    moment = (at or now()).astimezone(WIB)
    with database.atomic():
        who = viewer(User.get_by_id(by.id), moment.date())
        sentence = _refusal(who) or (REPEATED if complaint_of_form(data) else "")
        sentence = sentence or next(iter(objections(data, persons, moment, pieces).values()), "")
        if sentence:
            return Outcome(refused={0: sentence})
        row = _columns(data, moment, opened_at) | {"registrar": who.user.id, "last_by": who.user.id}
        complaint = _write(row, persons, moment)
        papers = announce(load([complaint], who.user, moment, who=who), flow.RECEIVE, who, moment, pieces)
    return Outcome(done=[complaint], papers=papers)


def _refusal(who: Viewer) -> str:
    return "" if lanes(flow.RECEIVE) & who.lanes else f"“{flow.RECEIVE.label}” dilakukan oleh petugas."


def complaint_of_form(data: Mapping[str, Any]) -> int | None:
    """The complaint that this very form, with what stands on it, has become; None if it has not."""
    form = data.get("form_digest")
    return Complaint.select(Complaint.id).where(Complaint.form_digest == form).scalar() if form else None


def objections(
    data: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]], at: datetime, pieces: Sequence[Piece] = ()
) -> dict[str, str]:
    """What keeps a complaint from being registered: sentence by field; NIK and contact never do."""
    sentences = {
        "medium": "" if _is_there(Medium, data.get("medium")) else "Pilih media pengaduan.",
        "story": "" if str(data.get("story") or "").strip() else "Tuliskan apa yang terjadi.",
        "pengadu.name": "" if _is_named(data, persons) else "Isi nama pengadu, atau tandai anonim.",
        "received_at": _moment_objection(data.get("received_at"), at),
        "book_number": number.typed_objection(flow.RECEIVE.series, str(data.get("book_number") or "")),
        "evidence_files": _evidence_objection(pieces, at),
    }
    for kind, person in persons.items():
        sentences |= _too_long(Person, PERSON_TEXTS, person, f"{kind}.")
    sentences |= {**_too_long(Complaint, TEXTS, data, ""), **_unknown(data)}
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _is_there(model: type[Model], number: Any) -> bool:
    return bool(number) and model.get_or_none(model.id == number) is not None


def _is_named(data: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether it is known who complains, or that nobody is to know."""
    return bool(data.get("anonymous") or str(persons.get("pengadu", {}).get("name") or "").strip())


def _moment_objection(received: datetime | None, at: datetime) -> str:
    if received and received > at:
        return "Waktu diterima tidak boleh di masa depan."
    return _uncountable(received or at)


def _evidence_objection(pieces: Sequence[Piece], at: datetime) -> str:
    most = values(at.date())["evidence.count"] if pieces else 0
    return attachments.objection(flow.RECEIVE, [], pieces, most)


def _uncountable(received: datetime) -> str:
    """The sentence why no deadline can be counted from then; "" if it can."""
    try:
        clock().legal_due(received, longest_deadline(received.date()))
    except (HoursUnknown, OverflowError):
        return "Jam kerja dinas sesudah tanggal ini belum diisi. Periksa tahunnya, atau hubungi pengelola sistem."
    return ""


def _too_long(model: Any, names: tuple[str, ...], typed: Mapping[str, Any], prefix: str) -> dict[str, str]:
    limits = {n: getattr(model._meta.fields[n], "max_length", None) for n in names}
    return {
        f"{prefix}{n}": f"{model._meta.fields[n].verbose_name} paling panjang {limit} huruf."
        for n, limit in limits.items()
        if limit and len(str(typed.get(n) or "")) > limit
    }


def _unknown(data: Mapping[str, Any]) -> dict[str, str]:
    lists, choices = {"category": Category, "kelurahan": Kelurahan}, {"secrecy": SECRECY, "urgency": URGENCY}
    unknown = [name for name, model in lists.items() if data.get(name) and not _is_there(model, data[name])]
    unknown += [name for name, words in choices.items() if data.get(name) and data[name] not in words]
    return dict.fromkeys(unknown, "Pilihan tidak dikenal.")


def _columns(data: Mapping[str, Any], at: datetime, opened_at: datetime | None) -> Columns:
    category = category_of(data)
    settings, office_clock = values(at.date()), clock()
    received = data.get("received_at") or opened_at or at
    law_class = data.get("law_class") or category.law_class
    drawn = _number(str(data.get("book_number") or "").strip(), at, settings)
    return {
        **{name: str(data.get(name) or "").strip() for name in TEXTS},
        "title": str(data.get("title") or "").strip() or usual_title(category, data.get("kelurahan")),
        "public_id": secrets.token_urlsafe(12),
        "number": drawn.text,
        "drawn": drawn,
        "category": category.id,
        "law_class": law_class,
        "secrecy": data.get("secrecy") or category.secrecy,
        "urgency": data.get("urgency") or category.urgency,
        "emergency": bool(data.get("emergency")),
        "medium": data["medium"],
        "kelurahan": data.get("kelurahan") or None,
        "anonymous": bool(data.get("anonymous")),
        "opened_at": opened_at,
        "received_at": received,
        "recorded_at": at,
        "backlog": bool(data.get("backlog")),
        "form_digest": data.get("form_digest"),
        "state": flow.FIRST,
        "back": flow.RECEIVE.key,
        "state_since": at,
        "last_act": flow.RECEIVE.key,
        "legal_due_at": office_clock.legal_due(received, settings[f"legal.{law_class}"]),
        "answer_due_at": office_clock.legal_due(received, settings["legal.answer"]),
    }


def _number(typed: str, at: datetime, settings: Settings) -> number.Drawn:
    """The number from the office's own book if one was typed, else the next one."""
    return (
        number.typed_number(flow.RECEIVE.series, typed, at)
        if typed
        else number.draw(flow.RECEIVE.series, 1, at, settings)[0]
    )


def category_of(data: Mapping[str, Any]) -> Category:
    """The category that was picked, else the one for what nobody has sorted yet."""
    picked: Category | None = Category.get_or_none(Category.id == data.get("category"))
    usual: Category = picked or Category.get(Category.code == DEFAULT_CATEGORY)
    return usual


def usual_title(category: Category, kelurahan: int | None) -> str:
    """The title that a complaint of this category gets by itself."""
    place = Kelurahan.get_or_none(Kelurahan.id == kelurahan)
    title = category.title or category.name
    return str(title.replace("{kelurahan}", place.name) if place else title.replace(" ({kelurahan})", ""))


def _write(row: Columns, persons: Mapping[str, Mapping[str, Any]], at: datetime) -> int:
    drawn, office_clock = row.pop("drawn"), clock()
    runs = _runs(row, office_clock, at)
    late = any(run.was_late for run in runs)
    complaint = Complaint.insert(**row, row_due_at=runs[-1].due_at, row_late=late).execute()
    wrapped, case = seal.ring().new_case_key(row["public_id"])
    CaseKey.insert(complaint=complaint, wrapped=wrapped).execute()
    number.bind(flow.RECEIVE.series, [drawn], [(complaint, 1)], at)
    insert_rows(Run, [run_columns(complaint, run) for run in runs])
    kinds = {"pengadu": {}, **{k: p for k, p in persons.items() if any(p.values())}}
    for kind in kinds:
        Person.insert(complaint=complaint, **_person(kind, persons.get(kind, {}), case)).execute()
    return int(complaint)


def _runs(row: Columns, office_clock: Clock, at: datetime) -> list[RunSpan]:
    """Row 1 from opening the form to recording (not for susulan), and the next row from now."""
    first, second = flow.row_no(flow.RECEIVE.key), flow.row_no(flow.FIRST)
    spans: list[tuple[int | None, datetime, datetime | None]] = [(second, at, None)]
    if row["opened_at"] and not row["backlog"]:
        spans.insert(0, (first, row["opened_at"], at))
    return [
        RunSpan(1, no or 1, start, office_clock.due(start, ROWS[(no or 1) - 1].norm), end) for no, start, end in spans
    ]


def _person(kind: str, typed: Mapping[str, Any], case: seal.Seal) -> Columns:
    ring, nik = seal.ring(), str(typed.get("nik") or "").strip()
    return {
        "kind": kind,
        **{n: str(typed.get(n) or "").strip() for n in PERSON_TEXTS},
        "sex": typed.get("sex") if typed.get("sex") in dict(SEXES) else "",
        "do_not_call": bool(typed.get("do_not_call")),
        "kelurahan": typed.get("kelurahan") or None,
        "nik_note": nik_note(nik),
        **{n: case.close_text(f"{kind}.{n}", str(typed.get(n) or "").strip()) for n in Person.SEALED},
        "nik_index": ring.index("nik", nik),
        "phone_index": ring.index("phone", str(typed.get("phone") or "")),
    }
