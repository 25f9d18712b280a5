"""The one view class of the panel: closed by default, scoped at every door, native inputs, own list."""

from datetime import date
from typing import Any

from flask import abort, flash, make_response, redirect, request
from flask_admin.form import BaseForm, FormOpts
from markupsafe import Markup
from wtforms import ValidationError

from admin.door.gate import FLAGS, PRINTS_MUCH, READS, SEARCHES, Doors, expose
from admin.door.rows import Joined, redirect_target, safe_target, signed_in, valid_id, valid_ids
from admin.lists.cells import BADGE, Columns
from admin.lists.choosing import CHOOSE, CHOSEN, VIEW_ACTS, ChoosingAll
from admin.lists.export import Exporting
from admin.lists.filters import Filtering
from admin.lists.inputs import NativeConverter
from admin.lists.jump import MANY, lean, list_before
from admin.lists.listing import Listing
from admin.lists.saving import Saving
from models.case.attachments import note_edit
from models.complaint.event import Event, bodies
from models.complaint.scope import viewer
from models.office.identity import code_objection
from models.office.people import Dated, User, today
from models.store.base import among
from sop.words import format_moment

NEEDS = {
    "can_view_details": "column_details_list",
    "can_edit": "form_columns",
    "can_create": "form_columns",
    "can_export": "column_export_list",
}


class Closed(Exception):
    """A view that does not name what it opens may not start."""


class PanelView(Exporting, Listing, Filtering, Joined, ChoosingAll, Columns, Saving, Doors):
    """Subclasses name what is listed, shown, written and exported; what is not named stays shut.

    Exporting comes first: Flask-Admin copies every exposed method onto each class, so a later mixin's route is lost.
    """

    title_column: str | None = None  # column that links to the details page; the first listed one by default
    primary_action: str | None = None  # the bulk action drawn as the main button
    empty_text = "Belum ada data di sini."
    empty_hint = ""  # said as well to those who may add something
    dress = ""  # how its list looks if rows are to be as low as they can be: cases, prints, deeds
    undressed: tuple[str, ...] = ()  # columns of such a list whose cells look like any
    counted = ""  # what the list counts: its name if nothing else is said
    create_label = "Tambah"
    filled_by_address: tuple[str, ...] = ()  # blanks of a new row's form that a link to it may pick beforehand
    can_create = can_edit = can_delete = can_view_details = can_export = False
    can_set_page_size = True
    page_size = 20  # rows of a page that asks for no other number
    page_size_options = (20, 50, 100, 200)
    named_filter_urls = False
    model_form_converter = NativeConverter
    list_template = "admin/model/list.html"
    cost = READS  # but for the doors that declare their own
    action_delete = ajax_lookup = ajax_update = delete_view = None  # doors that do not exist

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        self._check(model)
        super().__init__(model, *args, **kwargs)

    def _check(self, model: Any) -> None:
        missing = [need for flag, need in NEEDS.items() if getattr(self, flag) and not getattr(self, need)]
        missing += [name for name in ("noun", "column_list") if not getattr(self, name)]
        if missing:
            raise Closed(f"{type(self).__name__} must name {', '.join(dict.fromkeys(missing))}")
        if self.can_delete or self.column_editable_list or self.inline_models or model._meta.composite_key:
            raise Closed(f"{type(self).__name__}: no delete, list editing, inline models or composite keys")

    # Doors

    def get_one(self, id: Any) -> Any:
        """The row of this id if this person may see it."""
        return self.get_query().where(self.model._meta.primary_key == valid_id(str(id))).get_or_none()

    def asked_row(self, door: str) -> Any:
        """The one row that the address asks for at this door, else 404."""
        typed = request.args.getlist("id")
        row = self.get_one(typed[0]) if len(typed) == 1 and getattr(self, FLAGS[door]) else None
        if row is None or not self.opens(door, row):
            abort(404)
        return row

    @property
    def return_url(self) -> str:
        """Where a page leads back: as its address names it, the view's own list by its question alone; else to that
        list as it was looked at before."""
        own, asked = str(self.get_url(".index_view")), request.values.get("url", "")
        named = safe_target(f"{own}{asked}") if asked.startswith("?") else redirect_target()
        return named or safe_target(list_before(own)) or own

    @expose("/", cost=SEARCHES)
    def index_view(self) -> Any:
        """The list, or where a jump within it leads."""
        if away := self.jump_address() or self.remembered_address():
            return redirect(away)
        page, size = super().index_view(), self.get_safe_page_size(self.list_args().page_size)
        return lean(page, self.get_url(".index_view")) if size > MANY else page

    @expose("/details/")
    def details_view(self) -> str:
        row = self.asked_row("details")
        return self.render(
            self.details_template,
            model=row,
            details_columns=self.get_details_columns(),
            get_value=self.get_detail_value,
            return_url=self.return_url,
        )

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        if not self.opens("create"):
            abort(404)
        form = self.create_form()
        row = self.validate_form(form) and self.create_model(form)
        if row:
            flash(self.added_words(row), "success")
            return redirect(self.get_save_return_url(row, is_created=True))
        return self._form_page(self.create_template, form)

    def create_form(self, obj: Any = None) -> Any:
        """The form of a new row; as it is opened, with what the address picks where that may be picked."""
        form = super().create_form(obj)
        for name in self.filled_by_address if request.method == "GET" else ():
            picked = request.args.get(name, "")
            if picked in {str(choice.value) for choice in form[name].iter_choices()}:
                form[name].data = form[name].coerce(picked)
        return form

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        row = self.asked_row("edit")
        title = self.row_name(row)  # before what was typed is filled in
        form = self.edit_form(obj=row)
        if self.validate_form(form) and self.update_model(form, row):
            flash("Perubahan telah disimpan.", "success")
            return redirect(self.get_save_return_url(row, is_created=False))
        return self._form_page(self.edit_template, form, model=row, title=title)

    def _form_page(self, template: str, form: Any, **context: Any) -> Any:
        clash = getattr(form, "clash", None)
        page = self.render(
            template,
            form=form,
            clash=clash,
            return_url=self.return_url,
            form_opts=FormOpts(widget_args=self.form_widget_args),
            **context,
        )
        return make_response(page, 409 if clash else 200)

    @expose("/action/", methods=("POST",), cost=PRINTS_MUCH)
    def action_view(self) -> Any:
        name = request.form.get("action", "")
        if name in VIEW_ACTS and self.keeps_views():
            return self.act_on_view(name)
        if name == CHOOSE and self.get_actions_list()[0]:
            return self.choose_all()
        handler = self.action_handler(name)
        if handler is None or not self.is_action_allowed(name):
            abort(404)
        ids = self.chosen_ids() if CHOSEN in request.form else self._ticked_ids()
        return (handler(ids) if ids else None) or redirect(self.return_url)

    def _ticked_ids(self) -> list[int]:
        """The rows that were ticked on the list, all of which the person must see."""
        ids = valid_ids(request.form.getlist("rowid"))
        if not ids:
            flash("Pilih sedikitnya satu baris.", "warning")
        elif self.own_rows().where(among(self.model._meta.primary_key, ids)).count() != len(ids):
            abort(404)
        return ids

    # What the templates ask

    def get_list_row_actions(self) -> list[Any]:
        """Only the view's own: details and edit are drawn by the list itself."""
        return list(self.column_extra_row_actions or ())

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """Where a saved form leads: back to where it was opened from."""
        return self.return_url

    def ways_on(self) -> list[tuple[str, str]]:
        """(words, address) of what else the list leads to, for this person."""
        return []

    def has_row_links(self) -> bool:
        """Whether the list needs its last column."""
        return self.opens("edit") or bool(self.column_extra_row_actions)

    def tick_label(self, row: Any) -> str:
        """What a row is called where it is ticked."""
        return str(row)

    def row_name(self, row: Any) -> str:
        """What a row is called above its form."""
        return str(row)

    def added_words(self, row: Any) -> str:
        """The sentence after a row was added."""
        noun = self.noun_shown
        return f"{noun[:1].upper()}{noun[1:]} {self.row_name(row)} telah ditambahkan."

    @property
    def titled(self) -> str:
        """The column that heads each row and links to its page."""
        return self.title_column or self.get_list_columns()[0][0]

    def row_url(self, door: str, key: int, back: str = "") -> str:
        """The address of a row's page, remembering the list it was opened from if that is not the plain one."""
        address, _, question = back.partition("?")
        told = (question and f"?{question}") if address == self.get_url(".index_view") else back
        return self.get_url(f".{door}_view", id=key, url=told or None)

    def get_empty_list_message(self) -> str:
        hint = f" {self.empty_hint}" if self.empty_hint and self.opens("create") else ""
        return f"{self.empty_text}{hint}"

    @property
    def noun_shown(self) -> str:
        """A row's kind in a sentence: "jam kerja", but "Nota Dinas"."""
        first, *rest = (self.counted or self.name).split()
        kept = any(word[:1].isupper() for word in rest)
        return " ".join([first if kept else first.lower(), *rest])


ORGANISATION, REPORTS, CATEGORY = "Organisasi", "Laporan", "Data induk"  # the nouns of the menu
DATES = ("valid_from", "valid_to")
FROM_TODAY: dict[str, dict[str, Any]] = {"valid_from": {"default": today}}
SWITCH = {"description": "Hapus centang agar tidak lagi dapat dipilih. Yang sudah memakainya tetap seperti semula."}


def well_coded(form: Any, field: Any) -> None:
    """A code stands in numbers and in lists of one a line: what is no code breaks them."""
    if sentence := code_objection(field.data or ""):
        raise ValidationError(sentence)


CODE = {"description": "Singkat, tanpa spasi. Tidak dapat diubah kemudian.", "validators": [well_coded]}


class DatedForm(BaseForm):
    """A form of something that holds from one day to another."""

    def validate_valid_to(self, field: Any) -> None:
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError("Tidak boleh sebelum tanggal mulai berlaku.")


class Noted(PanelView):
    """A master or the users: `fixed` columns are set when a row is made and stay; `people` says who may be picked."""

    can_create = can_edit = True
    fixed: tuple[str, ...] = ("code",)
    people: dict[str, frozenset[str]] = {}
    column_labels = {"in_force": "Keadaan"}
    column_formatters: dict[str, Any] = {"in_force": lambda view, context, row, name: in_force(row)}
    form_args: dict[str, dict[str, Any]] = {"active": SWITCH, "code": CODE}

    def get_edit_form(self) -> type:
        """Without the columns that never change; a shadowed field is no field (WTForms' own grammar)."""
        fixed = {name: None for name in self.fixed if name in (self.form_columns or ())}
        return type("EditForm", (super().get_edit_form(),), fixed)

    def choosable(self, key: Any) -> Any:
        """Of people only those whose role fits: nobody gets into a case by a master that he writes himself."""
        rows: Any = super().choosable(key)
        return rows.where(User.role.in_(list(self.people[key.name]))) if key.name in self.people else rows

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        self.note(model, [self.get_column_name(name) for name in (self.form_columns if created else changed_fields)])

    def note(self, row: Any, names: list[str], what: str = "") -> None:
        """Write the edit into the history; the write itself is of the same transaction."""
        note_edit(row, names, by=viewer(signed_in()), what=what)

    def kin(self, row: Any) -> list[Any]:
        """The rows whose edits count as edits of this one."""
        return [row]

    def changed_by(self, model: Any) -> str:
        subjects = [f"{self.model._meta.table_name}:{row.get_id()}" for row in self.kin(model)]
        last = Event.select().where(Event.subject.in_(subjects)).order_by(Event.id.desc()).first()
        if last is None:
            return super().changed_by(model)
        touched = ", ".join(bodies([last], {})[last.id].get("touched", ()))
        return f"{last.who} pada {format_moment(last.at)} ({touched})"


class DatedView(Noted):
    """What holds from one day to another: from today if nothing else is said; an empty end: until further notice."""

    form_base_class = DatedForm
    column_sortable_list: tuple[str, ...] = DATES
    column_default_sort: Any = ("valid_from", True)
    form_args = FROM_TODAY


def in_force(row: Dated, day: date | None = None) -> Markup:
    """Whether a dated row holds today, as a badge."""
    day = day or today()
    if row.valid_from > day:
        return BADGE.format("info", "Akan berlaku")
    ended = row.valid_to is not None and row.valid_to < day
    return BADGE.format("neutral", "Berakhir") if ended else BADGE.format("good", "Berlaku")
