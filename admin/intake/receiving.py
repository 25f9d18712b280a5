"""/pengaduan/new/: registering a complaint, and the page of its receipt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for

from admin.case.after import AfterAct, Way, ways_with
from admin.case.contact import is_online, received_words, where_to_answer
from admin.case.dossier import Dossier
from admin.case.many import draft_name, forget_draft
from admin.desk.cards import urgent_of
from admin.door.flaskadmin import ListInstead, PageView, TableView
from admin.door.gate import READS, TAKES_FILES, expose
from admin.door.rows import signed_in, valid_id
from admin.intake import entry, repeating
from admin.intake.entry import PERSON_FIELDS
from admin.intake.form import IntakeForm, intake_form, is_printed, typed_values
from admin.intake.hints import fill_in, pick_proposed
from admin.lists.saving import NewPage
from admin.papers.emblems import attach_print_warnings, flash_print_warnings, must_show_warnings, print_notes_of_form
from admin.papers.evidence import ask_for_files_again, posted_fields, posted_pieces
from models.case import access_notes
from models.case.case import load
from models.complaint.complaint import PERSONS
from models.complaint.scope import viewer
from models.office.identity import paper_objection
from models.office.settings import values
from models.store.base import Columns, database, now
from models.store.uploads import Piece
from models.workflow import intake, workflow
from models.workflow.workflow import Outcome
from sop.access import lanes
from sop.flow import current_procedure
from sop.vocabulary import OUTSIDE, vocabulary
from sop.words import in_a_sentence

AGAIN = "Formulir ini sudah tersimpan sebagai pengaduan di bawah ini. Tidak ada yang dicatat dua kali."
LONGEST_FORM = timedelta(hours=12)
WHILE_TYPING: dict[str, Callable[[IntakeForm], Any]] = {  # answers to scripts, by the value that they send
    "title": lambda form: Response(form.hints.usual["title"], mimetype="text/plain"),  # the placeholder of the title
    "likely": repeating.while_typing,
    "numbers": entry.numbers_part,
    "proposals": lambda form: render_template(
        "admin/intake/_proposals.html", proposals=form.hints.proposals, alone=True
    ),
    "letters": lambda form: jsonify(print_notes_of_form(is_printed)),
}


class Receiving(NewPage):
    """Part of the complaints' view: its page of a new row performs `receive`."""

    def link(self) -> tuple[str, str] | None:
        return (url_for("pengaduan.create_view"), self.view.create_label) if may_receive() else None

    @expose("/new/", methods=("GET", "POST"), cost=TAKES_FILES)
    def create_view(self) -> Any:
        if not may_receive():
            abort(403)
        if request.method != "POST":
            return _form_to_fill(self.view, intake_form(None), fresh=True)
        form, do = intake_form(posted_fields()), request.form.get("do", "")
        if do in WHILE_TYPING:
            return WHILE_TYPING[do](form)
        if before := repeating.wants_to_add():
            return repeating.adding_page(form, before)
        attach_print_warnings(form)
        if kind := entry.chosen_owner():
            entry.move_numbers(form, kind)
            if request.accept_mimetypes.best == "application/json":
                return entry.moved_part(form)  # only the changed values, so that chosen files stay
            form.numbers = entry.typed_numbers(form)  # numbers without room
            return _form_to_fill(self.view, form, moved=True)
        if do == "fill" or pick_proposed(form, do):
            fill_in(form, PERSON_FIELDS)
            return _form_to_fill(self.view, form)
        done = _register(form) if form.validate() else None
        if done is None:
            return _form_to_fill(self.view, form), 422
        number, sentence = done
        forget_draft(current_procedure().receive)
        if sentence:
            flash(sentence, "warning")
        return redirect(url_for("tercatat.done", number=number))


class Tercatat(PageView):
    """/pengaduan/tercatat/<number>/ – a complaint just registered: its receipt, and the next step."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<row:number>/")
    def done(self, number: str) -> Any:
        if not may_receive():
            abort(403)
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None or case.complaint.imported or case.complaint.state == OUTSIDE:
            abort(404)
        access_notes.note(case, "tercatat")
        dossier, c = Dossier(case), case.complaint
        titles = {paper.title: paper.side for paper in current_procedure().receive.papers}
        papers = sorted((p for p in dossier.papers if p.title in titles), key=lambda p: not titles[p.title])
        printable = [Way(f"Cetak {p.title}", p.url, new_tab=True) for p in papers if p.url]
        return self.render(
            "admin/intake/received.html",
            dossier=dossier,
            c=c,
            after=_after_receiving(dossier, printable),
            urgent_here=urgent_of(case),
            likely=dossier.likely,
            step=current_procedure().receive,
            online=(where_to_answer(c), received_words(case)) if is_online(c) else None,
        )


def _after_receiving(dossier: Dossier, printable: list[Way]) -> AfterAct:
    """The case's own next step is what is next, if it is this user's; always the next complaint."""
    c, awaited, first = dossier.complaint, dossier.buttons.next, vocabulary().transitions[current_procedure().first]
    printable[:1] = [replace(way, weight="primary") for way in printable[:1]]  # the pengadu waits for it
    ways = printable + (ways_with(first, c, ()) if c.state != first.key else [])
    ways.append(Way("Buka pengaduan", url_for("pengaduan.details_view", id=c.id)))
    ahead = [Way(awaited.label, awaited.url)] if awaited else []
    ahead.append(Way("Catat pengaduan berikutnya", url_for("pengaduan.create_view")))
    happened = f"Pengaduan {c.number} telah dicatat; sekarang {in_a_sentence(c.state_label)}."
    return AfterAct(happened, ways, ahead)


def may_receive() -> bool:
    return bool(lanes(current_procedure().receive) & viewer(signed_in()).lanes)


def _form_to_fill(view: TableView, form: IntakeForm, *, fresh: bool = False, moved: bool = False) -> str:
    ask_for_files_again(form)
    page = view.render(
        "admin/intake/receive.html",
        form=form,
        step=current_procedure().receive,
        draft_of=draft_name(current_procedure().receive),
        persons=PERSONS,
        fresh=fresh,
        moved=moved,
        likely=form.likely,
        wanted=request.form.get("do", ""),
        paper_objection=paper_objection(values()),
        goes_on=bool(lanes(current_procedure().receive) & lanes(vocabulary().transitions[current_procedure().first])),
    )
    return str(page)


def _register(form: IntakeForm) -> tuple[int, str] | None:
    """Register the form: the id of its complaint and a message; None if its fields have errors, or if the page must
    first show similar cases, personal numbers in texts, or characters that papers cannot print."""
    data, persons = typed_values(form)
    wrong = intake.objections(data, persons, now())
    if not wrong and not _registered_before(data) and _must_show_first(form, persons):
        return _registered_before(data)
    pieces = None if wrong else posted_pieces(form)
    done = _receive(form, data, persons, pieces) if pieces is not None else None
    done = done or _registered_before(data)  # last, since a second click may run at the same time
    if done is None:
        form.complain(wrong or intake.objections(data, persons, now(), pieces or ()))  # or it changed meanwhile
    return done


def _must_show_first(form: IntakeForm, persons: dict[str, Columns]) -> bool:
    """Whether there is something to show first; characters that would be lost do not hold up an emergency."""
    form.likely, form.numbers = repeating.cases_to_show(form, persons), entry.numbers_to_show(form)
    return bool(form.likely or form.numbers or (must_show_warnings(form) and not form.emergency.data))


def _receive(
    form: IntakeForm, data: Columns, persons: dict[str, Columns], pieces: list[Piece]
) -> tuple[int, str] | None:
    """Register, and with "Simpan dan naikkan" raise at once: the id and a message; None if refused."""
    with database.atomic():
        at, opened_at = now(), form.opened_at  # as signed in the page
        if opened_at is None or not at - LONGEST_FORM <= opened_at <= at:
            opened_at = at
        outcome = intake.receive(by=signed_in(), data=data, persons=persons, opened_at=opened_at, pieces=pieces)
        if not outcome.done:
            return None
        [number], raised = outcome.done, Outcome()
        if request.form.get("do") == "raise":
            raised = workflow.advance([number], current_procedure().first, by=signed_in(), blanks=form.suggested)
    flash_print_warnings(form)
    refused = raised.refused.get(number, "")
    return number, f"Pengaduan tercatat tetapi belum dinaikkan. {refused}" if refused else ""


def _registered_before(data: Columns) -> tuple[int, str] | None:
    """The complaint that this form was registered as before, and a message; None if it was not."""
    number = intake.complaint_of_form(data)
    return (number, AGAIN) if number else None


def views() -> list[PageView]:
    return [Tercatat(name=current_procedure().receive.label, endpoint="tercatat", url="/pengaduan/tercatat")]
