"""Marks on issued papers (signed by hand, filed), set on ticked papers by a page with day, name or place."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin.form import BaseForm
from wtforms import DateField, StringField
from wtforms.validators import Length, Optional, ValidationError

from admin.door.flaskadmin import ListInstead, PageView, ViewPart, view_at
from admin.door.gate import READS, action, expose
from admin.door.rows import safe_target, signed_in, valid_ids
from admin.lists.inputs import Required, TicksField, clean_line, plausible_year
from models.case import access_notes
from models.complaint.complaint import Complaint
from models.complaint.paper import WHOLE, Paper, PaperFiled, PaperSigned
from models.complaint.scope import visible
from models.office.people import today
from models.workflow import marks
from sop.signers import SIGNERS, public_label
from sop.words import format_date

NOUN = "tanda-dokumen"
LABELS = marks.LABELS
OWN = "Kosongkan untuk nama penanda tangan yang tercetak pada dokumen masing-masing."
TAKEN_BACK = "kembali menunggu tanda tangan"
NO_SIGNER = "Pilih sedikitnya satu penanda tangan."
ONE_NAME = "Nama lain hanya dapat diisi bila satu penanda tangan saja yang dicentang."
WHOLE_PAPER, OLDER = "dokumen", "Penanda tangan dokumen yang terbit sebelum tanda tangan dicatat satu per satu"
STALE = "Tanda tangan pada dokumen ini berubah sejak halamannya dibuka. Belum ada yang disimpan; periksa, lalu ulangi."
UNDONE = "Belum ditandatangani"
MANY = 2  # signers, from which on the form asks
SHELF = "Misalnya lemari arsip Sekretariat, rak 2, map 2026."


class SignersForm(BaseForm):
    """The signers that a mark is about; asked only if there are several."""

    roles = TicksField("Tanda tangan siapa yang dicabut tandanya")
    only: Sequence[str] = ()  # the one signer whom it is about, if none is asked for

    def validate_roles(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(NO_SIGNER)


class SignedForm(SignersForm):
    """The day of signing, the roles, and the name if it differs from the printed one."""

    roles = TicksField("Siapa yang sudah menandatangani")
    on = DateField("Tanggal tanda tangan", [Required(), plausible_year], default=today)
    signer = StringField(
        PaperSigned.signer.verbose_name,
        [Optional(), Length(max=PaperSigned.signer.max_length)],
        filters=[clean_line],
        description=OWN,
    )

    def validate_on(self, field: Any) -> None:
        if field.data and field.data > today():
            raise ValidationError(marks.AHEAD)

    def validate_signer(self, field: Any) -> None:
        if field.data and len(chosen_roles(self) or ()) > 1:
            raise ValidationError(ONE_NAME)


class FiledForm(BaseForm):
    """The place where papers are filed."""

    place = StringField(
        PaperFiled.place.verbose_name,
        [Required(), Length(max=PaperFiled.place.max_length)],
        filters=[clean_line],
        description=SHELF,
    )


def form_of(mark: str, papers: Sequence[Paper], typed: Any = None, *, roles: Collection[str] = ()) -> Any:
    """The form of a mark; with a field for the signers if there are several, of whom those of `roles` are ticked, by
    default all."""
    form = FORMS[mark](typed)
    if isinstance(form, SignersForm):
        lacking = marks.roles_to_mark(papers, mark)
        form.roles.choices = [(role or WHOLE_PAPER, public_label(role) or OLDER) for role in lacking]
        if typed is None:
            form.roles.data = [role or WHOLE_PAPER for role in lacking if not roles or role in roles]
        if len(lacking) < MANY:
            form.only = [value for value, _ in form.roles.choices]
            del form.roles
    return form


def chosen_roles(form: Any) -> list[str] | None:
    """The ticked roles; None if the form has no such field."""
    return [WHOLE if value == WHOLE_PAPER else value for value in form.roles.data] if "roles" in form else None


FORMS: dict[str, type[BaseForm]] = {marks.SIGNED: SignedForm, marks.UNSIGNED: SignersForm, marks.FILED: FiledForm}


class Marking(ViewPart):
    """Part of the list of papers: the marks as actions, for users who may open the page of marks."""

    pages_of_actions = dict.fromkeys(LABELS, NOUN)

    @action(marks.SIGNED, LABELS[marks.SIGNED])
    def signed(self, ids: list[int]) -> Any:
        return marks_page(marks.SIGNED, self.view.papers.paper_rows(ids))

    @action(marks.FILED, LABELS[marks.FILED])
    def filed(self, ids: list[int]) -> Any:
        return marks_page(marks.FILED, self.view.papers.paper_rows(ids))

    @action(marks.UNSIGNED, LABELS[marks.UNSIGNED], "Cabut tanda sudah ditandatangani dari dokumen yang dicentang?")
    def unsigned(self, ids: list[int]) -> Any:
        papers = list(self.view.papers.paper_rows(ids))
        if len(marks.roles_to_mark(papers, marks.UNSIGNED)) >= MANY:
            return marks_page(marks.UNSIGNED, papers)
        flash_marked(len(papers), marks.unsign(papers, by=signed_in()), TAKEN_BACK)
        return None


class TandaView(PageView):
    """/dokumen/tanda/, not in the menu: receives the forms of marks."""

    noun, home, cost = NOUN, "dokumen", READS
    bare = ListInstead()

    @expose("/ditandatangani/", methods=("POST",))
    def signed(self) -> Any:
        return self._mark(
            marks.SIGNED,
            "sudah ditandatangani",
            lambda papers, form: marks.sign(
                papers, by=signed_in(), on=form.on.data, roles=chosen_roles(form), signer=form.signer.data or ""
            ),
        )

    @expose("/dicabut/", methods=("POST",))
    def unsigned(self) -> Any:
        return self._mark(
            marks.UNSIGNED,
            TAKEN_BACK,
            lambda papers, form: marks.unsign(papers, by=signed_in(), roles=chosen_roles(form)),
        )

    @expose("/disimpan/", methods=("POST",))
    def filed(self) -> Any:
        return self._mark(
            marks.FILED,
            "tercatat tempat simpannya",
            lambda papers, form: marks.file(papers, by=signed_in(), place=form.place.data),
        )

    def _mark(self, mark: str, done: str, write: Callable[[list[Paper], Any], dict[int, str]]) -> Any:
        papers = _chosen_papers()
        if _is_stale(mark, papers):
            flash(STALE, "warning")
            return make_response(marks_page(mark, papers), 409)
        form = form_of(mark, papers, request.form)
        if not form.validate():
            return make_response(marks_page(mark, papers, form), 422)
        refused = write(papers, form)
        if len(refused) == len(papers):
            return make_response(marks_page(mark, papers, form, refused), 409)
        flash_marked(len(papers), refused, done)
        return redirect(safe_target(request.form.get("url")) or url_for("dokumen.index_view"))


def _is_stale(mark: str, papers: Sequence[Paper]) -> bool:
    """Whether a signature that the form was about was marked, or its mark removed, since its page was opened."""
    asked = {WHOLE if role == WHOLE_PAPER else role for role in request.form.getlist("roles")}
    return mark != marks.FILED and not asked <= {*marks.roles_to_mark(papers, mark)} and asked <= {WHOLE, *SIGNERS}


def marks_page(
    mark: str, papers: Any, form: Any = None, refused: dict[int, str] | None = None, *, back: str = ""
) -> str:
    """The page with the form of a mark; lists the papers, with a reason where one cannot be marked. `back`: the address
    to return to, by default the one that was sent."""
    papers = list(papers.order_by(Paper.id) if hasattr(papers, "order_by") else papers)
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_({paper.complaint_id for paper in papers}))}
    access_notes.log_list(signed_in(), "tanda dokumen", cases.values())
    why = refused if refused is not None else marks.refusals(papers, mark)
    signatures, places = marks.signatures_on(papers), marks.filing_places_of([paper.id for paper in papers])
    rows = [
        (
            paper,
            cases[paper.complaint_id],
            why.get(paper.id, ""),
            _signatures_in_words(signatures[paper.id]),
            places.get(paper.id),
        )
        for paper in papers
    ]
    return str(
        view_at("tanda").render(
            "admin/papers/marks.html",
            mark=mark,
            label=LABELS[mark],
            form=form or form_of(mark, papers),
            rows=rows,
            back=back or safe_target(request.form.get("url")) or url_for("dokumen.index_view"),
        )
    )


def _signatures_in_words(signatures: marks.Marks) -> list[str]:
    """Per signer name and day, or that the signature is missing."""
    made = {role: f"{mark.signer}, {format_date(mark.signed_on)}" if mark else "" for role, mark in signatures.items()}
    if set(signatures) <= {WHOLE}:
        return [f"Ditandatangani {words}" if words else UNDONE for words in made.values()]
    return [f"{public_label(role)}: {words or 'belum'}" for role, words in made.items()]


def _chosen_papers() -> list[Paper]:
    """The papers in the hidden field; 404 unless the user may see all of them."""
    ids = valid_ids(request.form.get("papers", "").split(","))
    papers = list(visible(signed_in(), Paper).where(Paper.id.in_(ids)).order_by(Paper.id))
    if len(papers) != len(ids):
        abort(404)
    return papers


def flash_marked(chosen: int, refused: dict[int, str], done: str) -> None:
    """Flash the counts of marked and refused papers, with the reasons."""
    if chosen > len(refused):
        flash(f"{chosen - len(refused)} dokumen {done}.", "success")
    if refused:
        reasons = " ".join(dict.fromkeys(refused.values()))
        flash(f"{len(refused)} dokumen tidak ditandai. {reasons}", "warning")


def views() -> list[PageView]:
    return [TandaView(name="Tanda dokumen", endpoint="tanda", url="/dokumen/tanda")]
