"""The one step page: whatever the transition, for one complaint or for many, it shows, takes the blanks, performs."""

import re
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for

from admin.case import many
from admin.case.decisions import page_act, prefix_of
from admin.case.forms import printed_blanks, step_form, typed_blanks, typed_book_number, typed_deputy_reason
from admin.case.many import only_turns, skipped_cases, typed_leaver
from admin.case.step_view import draws_what_is_typed, open_versions, sheets_page, step_page
from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import READS, TAKES_FILES, expose
from admin.door.rows import MOST_IDS, signed_in, valid_ids
from admin.papers.emblems import flash_otherwise, is_held, notes_while_typing, tell_at_blanks
from admin.papers.evidence import posted_fields, posted_pieces, remind_of_files
from admin.sign_in.second_factor import require_proof
from models.case.blanks import filled_blanks, without_person
from models.case.case import Case
from models.office.people import User
from models.records.base import Blanks
from models.store.base import database
from models.store.uploads import Piece
from models.workflow import workflow
from sop.procedure import Transition
from sop.vocabulary import RECEIVE, vocabulary

MOST_IN_ADDRESS = 200
NOTHING_CHOSEN = "Belum ada pengaduan yang dipilih. Kembali, centang sedikitnya satu, lalu tekan lagi tombolnya."
MANY = "banyak"  # what the page of many says of itself
CASE_AND_VERSION = re.compile(r"([1-9][0-9]{0,9}):([0-9]{1,9})", re.ASCII)


class StepView(PageView):
    """/pengaduan/langkah/<key>/ – not in the menu; reached from lists, complaint pages and start pages."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<key:key>/", methods=("GET",))
    def step(self, key: str) -> Any:
        if not request.args.getlist("id"):
            abort(400, NOTHING_CHOSEN)
        ids = valid_ids(request.args.getlist("id"))
        if len(ids) > MOST_IN_ADDRESS:
            abort(400, f"Paling banyak {MOST_IN_ADDRESS} pengaduan sekaligus pada satu alamat.")
        return self.open_page(_transition(key), ids)

    @expose("/<key:key>/", methods=("POST",), cost=TAKES_FILES)
    def perform(self, key: str) -> Any:
        transition, versions = _transition(key), chosen_versions()
        _refuse_many(transition, many=_is_of_many(versions))
        return self.take_step(transition, versions)

    def open_page(self, transition: Transition, ids: Sequence[int]) -> Any:
        """The page before anything is done; a room above may have another for acts of its own."""
        return open_step_page(transition, ids)

    def take_step(self, transition: Transition, versions: dict[int, int]) -> Any:
        """What was sent, performed; the page once more where it cannot be."""
        if _is_of_many(versions):
            return _take_for_many(transition, versions)
        cases, refused = workflow.verdicts(versions, transition.key, by=signed_in(), versions=versions)
        if not cases:
            abort(404)
        sendable, form = open_versions(transition, cases, refused), _sent_form(transition, many=False)
        if not sendable:
            return _same_page_again(transition, refused, form, many=False)
        if _only_looks():
            return step_page(transition, cases, refused, form, many=False, versions=sendable)
        drafting = _only_keeps_draft(transition, many=False)
        filled_in = drafting or _is_ready(form)
        pieces = posted_pieces(form) if filled_in else []
        if not filled_in or pieces is None:
            remind_of_files(form)
            page = step_page(transition, cases, refused, form, many=False, versions=sendable)
            return make_response(page, 422)
        blanks = typed_blanks(form, transition, many=False)
        if drafting:
            return self._draft(transition, versions, form, blanks, pieces)
        require_proof(transition)
        outcome = workflow.advance(
            versions,
            transition.key,
            by=signed_in(),
            versions=versions,
            pieces=pieces,
            book_number=typed_book_number(form),
            deputy_reason=typed_deputy_reason(),
            blanks=blanks,
        )
        if not outcome.done:
            return _same_page_again(transition, outcome.refused, form, many=False)
        [done] = outcome.done
        many.forget_draft(page_act(transition), versions)
        flash_otherwise(form)
        many.flash_done(transition, done, outcome.papers, _next_way(transition, cases[done]))
        return redirect(many.address_after(done))

    @expose("/<key:key>/hasil/<code:public_id>/")
    def outcome(self, key: str, public_id: str) -> Any:
        """What the step has brought on many, as long as it is stored for the user who did it."""
        return many.page(_transition(key), public_id)

    @expose("/<key:key>/huruf/", methods=("POST",))
    def letters(self, key: str) -> Any:
        """What papers will print otherwise of what is typed at this moment, by blank; nothing is stored."""
        page = _transition(key)
        return jsonify(notes_while_typing(lambda name: _is_printed(name, page)))

    @expose("/<key:key>/naskah/", methods=("POST",))
    def sheets(self, key: str) -> Any:
        """The papers as they would read with what is typed at this moment; nothing is stored."""
        transition, versions = _transition(key), chosen_versions()
        if not draws_what_is_typed(transition) or len(versions) > 1:
            abort(404)
        cases, refused = workflow.verdicts(versions, transition.key, by=signed_in())
        if not cases:
            abort(404)
        if not open_versions(transition, cases, refused):
            abort(409, next(iter(refused.values())))
        return sheets_page(transition, next(iter(cases.values())), _sent_form(transition, many=False))

    def _draft(
        self, transition: Transition, versions: dict[int, int], form: Any, blanks: Blanks, pieces: list[Piece]
    ) -> Any:
        [(number, version)] = versions.items()
        outcome = workflow.save_draft(
            number, transition.key, by=signed_in(), version=version, pieces=pieces, blanks=blanks
        )
        if outcome.refused:
            return _same_page_again(transition, outcome.refused, form, many=False)
        many.forget_draft(page_act(transition), versions)
        flash("Konsep disimpan.", "success")
        return redirect(step_url(transition, [number]))


def _take_for_many(transition: Transition, versions: dict[int, int]) -> Any:
    """What was sent of many cases, performed on those that are not left out. They are judged once, where they are
    written; before that only if the page is drawn once more."""
    form, leaver = _sent_form(transition, many=True), typed_leaver()
    _only_keeps_draft(transition, many=True)
    if only_turns() or _only_looks():
        return _many_again(transition, versions, form, leaver, 200)
    if not _is_ready(form):
        return _many_again(transition, versions, form, leaver, 422)
    skipped = skipped_cases()
    moved = {number: version for number, version in versions.items() if number not in skipped}
    if not moved:
        abort(400, NOTHING_CHOSEN)
    require_proof(transition)
    blanks = typed_blanks(form, transition, many=True)
    why = typed_deputy_reason()
    with database.atomic():
        outcome = workflow.advance(
            moved, transition.key, by=signed_in(), versions=moved, leaver=leaver, deputy_reason=why, blanks=blanks
        )
        kept = many.keep(transition, outcome, len(skipped)) if outcome.done else ""
    if not outcome.cases:
        abort(404)
    if not kept:
        return _same_page_again(transition, outcome.refused, form, many=True)
    many.forget_draft(transition, versions)
    flash_otherwise(form)
    return redirect(url_for("langkah.outcome", key=transition.key, public_id=kept))


def _many_again(transition: Transition, versions: dict[int, int], form: Any, leaver: User | None, status: int) -> Any:
    """The page of many as it was sent, nothing done."""
    cases, refused = workflow.verdicts(versions, transition.key, by=signed_in(), versions=versions, brief=True)
    if not cases:
        abort(404)
    sendable = open_versions(transition, cases, refused)
    if not sendable:
        return _same_page_again(transition, refused, form, many=True)
    page = step_page(transition, cases, refused, form, many=True, versions=sendable, leaver=leaver)
    return make_response(page, status)


def _sent_form(transition: Transition, *, many: bool) -> Any:
    """The blanks of an act as they were sent, maybe from the page of another decision on the same case."""
    form = step_form(
        transition, None, posted=posted_fields(), many=many, prefix=prefix_of(transition, page_act(transition))
    )
    if form is not None:
        tell_at_blanks(form, printed_blanks(transition))
    return form


def _is_ready(form: Any) -> bool:
    """Whether the blanks are filled in, and papers will say them as they were typed, or the page has shown how."""
    return form is None or (form.validate() and not is_held(form))


def _is_printed(name: str, page: Transition) -> bool:
    """Whether a blank of an act's page ends on a paper; before its name may stand whose it is: of another act, of a
    case."""
    act, blank = name.partition("-")[0], name.rpartition("-")[2]
    return blank in printed_blanks(vocabulary().transitions.get(act, page))


def _only_looks() -> bool:
    """Whether the page is only to be drawn anew with what was typed, as by Enter in one of its blanks."""
    return request.form.get("do") == "stay"


def _next_way(act: Transition, case: Case) -> tuple[str, str] | None:
    """What waits in the queue out of which a case was taken: its step, and the page of its first."""
    step = case.procedure.choice_at(case.complaint.state, act) or act
    first = many.next_waiting(step, case.complaint.id)
    return (step.label, step_url(step, [first])) if first else None


def _same_page_again(transition: Transition, refusals: dict[int, str], form: Any, *, many: bool) -> Any:
    """The page once more as the cases are now, with why nothing was done and all that was typed; 409."""
    remind_of_files(form)
    cases, refused = workflow.verdicts(refusals, transition.key, by=signed_in(), brief=many)
    if not cases:
        abort(404)
    versions = open_versions(transition, cases, refused)
    stale = any(
        cases[number].complaint.version != shown for number, shown in chosen_versions().items() if number in cases
    )
    page = step_page(
        transition,
        cases,
        refused,
        form,
        many=many,
        versions=versions,
        refusals=refusals,
        stale=stale,
        leaver=typed_leaver(),
    )
    return make_response(page, 409)


def _transition(key: str) -> Transition:
    transition = vocabulary().transitions.get(key)
    if transition is None or key == RECEIVE:
        abort(404)
    return transition


def chosen_versions() -> dict[int, int]:
    """The complaints and the versions that the page showed, from its one hidden field."""
    typed = request.form.get("cases", "").split(",")
    matches = [CASE_AND_VERSION.fullmatch(match) for match in typed]
    if not all(matches) or len(matches) > MOST_IDS:
        abort(400, "Daftar pengaduan pada halaman ini tidak terbaca. Muat ulang halamannya.")
    return {int(match[1]): int(match[2]) for match in matches if match}


def _is_of_many(versions: dict[int, int]) -> bool:
    """Whether the page asks for many at once; it says so itself, since of many chosen one may be left that can move."""
    return len(versions) > 1 or MANY in request.form


def _refuse_many(transition: Transition, *, many: bool) -> None:
    if many and not transition.bulk:
        abort(400, f"“{transition.label}” dilakukan untuk satu pengaduan saja.")


def _only_keeps_draft(transition: Transition, *, many: bool) -> bool:
    """Whether what was typed is only to be kept; no page offers that where no draft can be."""
    wants_draft = request.form.get("do") == "draft"
    if wants_draft and (many or not transition.draft):
        abort(400, f"Konsep “{transition.label}” tidak dapat disimpan dari halaman ini. Tidak ada yang dilakukan.")
    return wants_draft


def open_step_page(
    transition: Transition, ids: Sequence[int], *, leaver: User | None = None, sent: Sequence[tuple[str, str]] = ()
) -> Any:
    """The step page before anything is done; 409 with the sentences where nothing can be done, and what was `sent`.

    From a `leaver` all is taken: on the page of one case he is no longer ticked, on one of many he is named.
    """
    _refuse_many(transition, many=len(ids) > 1)
    cases, refused = workflow.verdicts(ids, transition.key, by=signed_in(), brief=len(ids) > 1)
    if not cases:
        abort(404)
    if len(cases) == 1 < len(ids):  # the others are not to be seen: it is read like one that came alone
        return open_step_page(transition, list(cases), leaver=leaver, sent=sent)
    many, versions = len(cases) > 1, open_versions(transition, cases, refused)
    values = filled_blanks(cases[next(iter(versions))], transition, {}) if versions and not many else None
    if values and leaver:
        values = without_person(values, transition, leaver.id)
    form = step_form(transition, values, many=many)
    from_whom = leaver if many else None
    page = step_page(transition, cases, refused, form, many=many, versions=versions, leaver=from_whom, sent=sent)
    return make_response(page, 200 if versions else 409)


def step_url(transition: Transition, ids: Sequence[int]) -> str:
    """The address of the step page for these complaints."""
    return url_for("langkah.step", key=transition.key, id=list(ids))
