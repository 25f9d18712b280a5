"""The step page of all transitions, for one complaint or many: shows the form and performs the step."""

import re
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for

from admin.case import many
from admin.case.after import report_after
from admin.case.decisions import page_act, prefix_of
from admin.case.forms import printed_blanks, step_form, typed_blanks, typed_book_number, typed_deputy_reason
from admin.case.many import only_turns, skipped_cases, typed_leaver
from admin.case.step_view import open_versions, previews_papers, sheets_page, step_page
from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import READS, TAKES_FILES, expose
from admin.door.rows import MOST_IDS, signed_in, valid_ids
from admin.papers.emblems import attach_print_warnings, flash_print_warnings, must_show_warnings, print_notes_of_form
from admin.papers.evidence import ask_for_files_again, posted_fields, posted_pieces
from admin.sign_in.second_factor import require_proof
from models.case.blanks import filled_blanks, without_person
from models.office.people import User
from models.records.base import Blanks
from models.store.base import database
from models.store.uploads import Piece
from models.workflow import workflow
from sop.procedure import Transition
from sop.vocabulary import RECEIVE, vocabulary

MOST_IN_ADDRESS = 200
NOTHING_CHOSEN = "Belum ada pengaduan yang dipilih. Kembali, centang sedikitnya satu, lalu tekan lagi tombolnya."
MANY = "banyak"  # the field that marks the page for many cases
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
        """The page before anything is done; subclasses override it for their acts."""
        return open_step_page(transition, ids)

    def take_step(self, transition: Transition, versions: dict[int, int]) -> Any:
        """Perform the submitted step; the page again if it cannot be performed."""
        if _is_of_many(versions):
            return _perform_for_many(transition, versions)
        cases, refused = workflow.check_cases(versions, transition.key, by=signed_in(), versions=versions)
        if not cases:
            abort(404)
        sendable, form = open_versions(transition, cases, refused), _sent_form(transition, many=False)
        if not sendable:
            return _same_page_again(transition, refused, form, many=False)
        if _only_redraws():
            return step_page(transition, cases, refused, form, many=False, versions=sendable)
        saves_draft = _saves_draft(transition, many=False)
        filled_in = saves_draft or _is_ready(form)
        pieces = posted_pieces(form) if filled_in else []
        if not filled_in or pieces is None:
            ask_for_files_again(form)
            page = step_page(transition, cases, refused, form, many=False, versions=sendable)
            return make_response(page, 422)
        blanks = typed_blanks(form, transition, many=False)
        if saves_draft:
            return self._save_draft(transition, versions, form, blanks, pieces)
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
        flash_print_warnings(form)
        return redirect(report_after(transition, cases[done], outcome.papers))

    @expose("/<key:key>/hasil/<code:public_id>/")
    def outcome(self, key: str, public_id: str) -> Any:
        """The outcome of a step on many cases, as long as it is stored for the user who performed it."""
        return many.outcome_page(_transition(key), public_id)

    @expose("/<key:key>/huruf/", methods=("POST",))
    def print_notes(self, key: str) -> Any:
        """Typed characters that papers will print differently, by blank, for a script; nothing is stored."""
        page = _transition(key)
        return jsonify(print_notes_of_form(lambda name: _is_printed(name, page)))

    @expose("/<key:key>/naskah/", methods=("POST",))
    def sheets(self, key: str) -> Any:
        """Previews of the papers with the typed values, for a script; nothing is stored."""
        transition, versions = _transition(key), chosen_versions()
        if not previews_papers(transition) or len(versions) > 1:
            abort(404)
        cases, refused = workflow.check_cases(versions, transition.key, by=signed_in())
        if not cases:
            abort(404)
        if not open_versions(transition, cases, refused):
            abort(409, next(iter(refused.values())))
        return sheets_page(transition, next(iter(cases.values())), _sent_form(transition, many=False))

    def _save_draft(
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


def _perform_for_many(transition: Transition, versions: dict[int, int]) -> Any:
    """Perform the step on the cases that are not skipped. Rules are checked only where it is written, and before that
    only if the page is shown again."""
    form, leaver = _sent_form(transition, many=True), typed_leaver()
    _saves_draft(transition, many=True)
    if only_turns() or _only_redraws():
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
        result_id = many.store_outcome(transition, outcome, len(skipped)) if outcome.done else ""
    if not outcome.cases:
        abort(404)
    if not result_id:
        return _same_page_again(transition, outcome.refused, form, many=True)
    many.forget_draft(transition, versions)
    flash_print_warnings(form)
    return redirect(url_for("langkah.outcome", key=transition.key, public_id=result_id))


def _many_again(transition: Transition, versions: dict[int, int], form: Any, leaver: User | None, status: int) -> Any:
    """The page for many cases as submitted, nothing done."""
    cases, refused = workflow.check_cases(versions, transition.key, by=signed_in(), versions=versions, brief=True)
    if not cases:
        abort(404)
    sendable = open_versions(transition, cases, refused)
    if not sendable:
        return _same_page_again(transition, refused, form, many=True)
    page = step_page(transition, cases, refused, form, many=True, versions=sendable, leaver=leaver)
    return make_response(page, status)


def _sent_form(transition: Transition, *, many: bool) -> Any:
    """The submitted form of an act, possibly from the page of another decision on the same case."""
    form = step_form(
        transition, None, posted=posted_fields(), many=many, prefix=prefix_of(transition, page_act(transition))
    )
    if form is not None:
        attach_print_warnings(form, printed_blanks(transition))
    return form


def _is_ready(form: Any) -> bool:
    """Whether the form is valid, and papers print it as typed or the page has shown the differences."""
    return form is None or (form.validate() and not must_show_warnings(form))


def _is_printed(name: str, page: Transition) -> bool:
    """Whether a blank of an act's page is printed; its name may be prefixed by another act or a case."""
    act, blank = name.partition("-")[0], name.rpartition("-")[2]
    return blank in printed_blanks(vocabulary().transitions.get(act, page))


def _only_redraws() -> bool:
    """Whether the page is only shown again with the typed values, as after Enter in a blank."""
    return request.form.get("do") == "stay"


def _same_page_again(transition: Transition, refusals: dict[int, str], form: Any, *, many: bool) -> Any:
    """409: the page with the present cases, the refusals, and all typed values."""
    ask_for_files_again(form)
    cases, refused = workflow.check_cases(refusals, transition.key, by=signed_in(), brief=many)
    if not cases:
        abort(404)
    versions = open_versions(transition, cases, refused)
    stale = any(
        cases[number].complaint.version != version for number, version in chosen_versions().items() if number in cases
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
    """The versions of the complaints that the page showed, from its hidden field."""
    typed = request.form.get("cases", "").split(",")
    matches = [CASE_AND_VERSION.fullmatch(match) for match in typed]
    if not all(matches) or len(matches) > MOST_IDS:
        abort(400, "Daftar pengaduan pada halaman ini tidak terbaca. Muat ulang halamannya.")
    return {int(match[1]): int(match[2]) for match in matches if match}


def _is_of_many(versions: dict[int, int]) -> bool:
    """Whether the form is for many cases; it has a field for that, since only one of them may be able to move."""
    return len(versions) > 1 or MANY in request.form


def _refuse_many(transition: Transition, *, many: bool) -> None:
    if many and not transition.bulk:
        abort(400, f"“{transition.label}” dilakukan untuk satu pengaduan saja.")


def _saves_draft(transition: Transition, *, many: bool) -> bool:
    """Whether only a draft is to be saved; 400 where the step has no draft, which no page offers."""
    wants_draft = request.form.get("do") == "draft"
    if wants_draft and (many or not transition.draft):
        abort(400, f"Konsep “{transition.label}” tidak dapat disimpan dari halaman ini. Tidak ada yang dilakukan.")
    return wants_draft


def open_step_page(
    transition: Transition, ids: Sequence[int], *, leaver: User | None = None, sent: Sequence[tuple[str, str]] = ()
) -> Any:
    """The step page before anything is done; 409 with the reasons if no case can move, and the values that were `sent`.

    All cases of a `leaver` are handed over: the page of one case no longer selects this user, that of many names them.
    """
    _refuse_many(transition, many=len(ids) > 1)
    cases, refused = workflow.check_cases(ids, transition.key, by=signed_in(), brief=len(ids) > 1)
    if not cases:
        abort(404)
    if len(cases) == 1 < len(ids):  # the others are not visible: shown like a single case
        return open_step_page(transition, list(cases), leaver=leaver, sent=sent)
    many, versions = len(cases) > 1, open_versions(transition, cases, refused)
    values = filled_blanks(cases[next(iter(versions))], transition, {}) if versions and not many else None
    if values and leaver:
        values = without_person(values, transition, leaver.id)
    form = step_form(transition, values, many=many)
    named_leaver = leaver if many else None
    page = step_page(transition, cases, refused, form, many=many, versions=versions, leaver=named_leaver, sent=sent)
    return make_response(page, 200 if versions else 409)


def step_url(transition: Transition, ids: Sequence[int]) -> str:
    """The address of the step page for these complaints."""
    return url_for("langkah.step", key=transition.key, id=list(ids))
