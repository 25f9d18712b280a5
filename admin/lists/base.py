"""The one view class of the panel: closed by default, scoped at every door, native inputs, own list, made of parts."""

from typing import Any

from flask import abort, g, redirect, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import FLAGS, ActiveFilters, TableView, ViewPart
from admin.door.gate import READS, SEARCHES, expose
from admin.door.rows import redirect_target, safe_target, signed_in, valid_id
from admin.lists.cells import LONG, TYPES, called
from admin.lists.choosing import RowActs, SavedViews
from admin.lists.export import Export
from admin.lists.filters import Filter, Filtering
from admin.lists.inputs import NativeConverter, form_for
from admin.lists.jump import MANY, Jump, lean, list_before
from admin.lists.listing import Listing
from admin.lists.masters import last_edit
from admin.lists.row_pages import DetailsPage, EditPage, NewPage, NewRow
from admin.lists.saving import Saving
from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.records.fields import IdList

NEEDS = {
    "can_view_details": "column_details_list",
    "can_edit": "form_columns",
    "can_create": "form_columns",
    "can_export": "column_export_list",
}


class Closed(Exception):
    """A view that does not name what it opens may not start."""


class PanelView(TableView):
    """Subclasses name what is listed, shown, written and exported; what is not named stays shut.

    Each subject of a list is a part, which a view may name anew: `jump = Jump(day="at")`. The methods here are
    Flask-Admin's hooks, which lead to the parts, and what a view says of its rows.
    """

    listing, filtering, jump, saved_views, bulk = Listing(), Filtering(), Jump(), SavedViews(), RowActs()
    saving, exports = Saving(), Export()
    new: NewPage = NewRow()
    edit: ViewPart = EditPage()
    details: ViewPart = DetailsPage()
    papers: ViewPart | None = None  # what is done with the papers behind its rows

    title_column: str | None = None  # column that links to the details page; the first listed one by default
    primary_action: str | None = None  # the bulk action drawn as the main button
    empty_text = "Belum ada data di sini."
    empty_hint = ""  # said as well to those who may add something
    dress = ""  # how its list looks if rows are to be as low as they can be: cases, prints, deeds
    undressed: tuple[str, ...] = ()  # columns of such a list whose cells look like any
    counted = ""  # what the list counts: its name if nothing else is said
    tells = False  # the list shows what was written in a case, so each reading is noted, not only of secret ones
    create_label = "Tambah"
    filled_by_address: tuple[str, ...] = ()  # blanks of a new row's form that a link to it may pick beforehand
    fixed: tuple[str, ...] = ()  # columns that are set when a row is made and stay
    people: dict[str, frozenset[str]] = {}  # of people only those of these roles may be picked, by foreign key
    notes_edits = False  # each edit is written into the history
    column_orders: dict[Any, Any] = {}  # what stands for a column in the order of rows: as text 10 comes before 2
    kept_args: tuple[str, ...] = ()  # further query arguments that the list's links carry along
    column_type_formatters = TYPES
    column_type_formatters_detail = {**TYPES, **LONG}
    can_create = can_edit = can_delete = can_view_details = can_export = False
    can_set_page_size = simple_list_pager = True
    page_size = 20  # rows of a page that asks for no other number
    page_size_options = (20, 50, 100, 200)
    named_filter_urls = False
    model_form_converter = NativeConverter
    list_template = "admin/model/list.html"
    cost = READS  # but for the doors that declare their own
    action_delete = ajax_lookup = ajax_update = delete_view = None  # doors that do not exist

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        self._check(model)
        fields = model._meta.fields.items()
        choices = {name: field.choices for name, field in fields if field.choices}
        self.column_choices: dict[str, Any] = {**choices, **(self.column_choices or {})}
        lists = {name: called for name, field in fields if isinstance(field, IdList)}
        self.column_formatters: dict[str, Any] = {**lists, **(self.column_formatters or {})}
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
        if away := self.jump.address() or self.saved_views.address_of_last():
            return redirect(away)
        page, size = super().index_view(), self.get_safe_page_size(self.list_args().page_size)
        return lean(page, self.get_url(".index_view")) if size > MANY else page

    # The list

    def get_list(
        self,
        page: int | None,
        sort_column: str | None,
        sort_desc: bool | None,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int | None, Any]:
        size = page_size or self.page_size
        return self.listing.page(page or 0, sort_column, bool(sort_desc), search, filters, size)

    def rows(self, keys: list[int]) -> list[Any]:
        """The rows of these keys in this order, joined, in one query."""
        if not keys:
            return []
        found = {row.get_id(): row for row in self.get_query().where(self.model._meta.primary_key.in_(keys))}
        return [found[key] for key in keys if key in found]

    def list_args(self) -> ViewArgs:
        """What the address asks for, read once a request."""
        if "list_args" not in g:
            g.list_args = self.listing.args(super().list_args())
        args: ViewArgs = g.list_args
        return args

    def list_address(self, args: ViewArgs) -> str:
        return self.listing.address(args)

    def init_search(self) -> bool:
        return self.listing.begin_search()

    def scaffold_filters(self, name: str) -> list[Filter]:
        return self.filtering.filters_of(name)

    def handle_filter(self, filter: Any) -> Any:
        return self.filtering.named(filter)

    def asked_filters(self) -> ActiveFilters:
        return self.filtering.asked()

    def get_filter_arg(self, index: int, flt: Any) -> str:
        return str(index)

    def filter_args(self, active: ActiveFilters | None) -> dict[str, str]:
        return self.filtering.arguments(active)

    def init_actions(self) -> None:
        super().init_actions()
        self.offer_first(self.bulk.first_actions())

    def is_action_allowed(self, name: str) -> bool:
        """Whether every part allows the action."""
        return all(part.allows(name) for part in self.parts_by_name.values())

    # Its columns

    def get_column_name(self, field: str) -> str:
        labels: dict[str, str] = self.column_labels or {}
        if field in labels:
            return labels[field]
        named = self.model._meta.fields.get(str(field).split(".")[0])
        label: str = (named is not None and named.verbose_name) or super().get_column_name(field)
        return label

    def get_column_names(self, only_columns: Any, excluded_columns: Any) -> list[tuple[str, str]]:
        names: list[tuple[str, str]] = super().get_column_names(only_columns or (), excluded_columns)
        return names

    def scaffold_list_columns(self) -> list[str]:
        return []

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        return {}

    def get_detail_text(self, row: Any, name: str) -> Any:
        """A value as the details page shows it."""
        no_template: Any = None
        return self.get_detail_value(no_template, row, name)

    # Forms

    def scaffold_form(self) -> type:
        more = self.form_extra_fields or {}
        return form_for(self, self.model, self.form_columns or (), self.form_base_class, **more)

    def get_edit_form(self) -> type:
        return self.saving.edit_form_class()

    def create_form(self, obj: Any = None) -> Any:
        """The form of a new row; as it is opened, with what the address picks where that may be picked."""
        form = super().create_form(obj)
        for name in self.filled_by_address if request.method == "GET" else ():
            picked = request.args.get(name, "")
            if picked in {str(choice.value) for choice in form[name].iter_choices()}:
                form[name].data = form[name].coerce(picked)
        return form

    def beside_form(self, form: Any) -> dict[str, object]:
        """What the page of a new row shows beside its form."""
        return {}

    def choosable(self, key: Any) -> Any:
        """Of people only those whose role fits: nobody gets into a case by a master that he writes himself."""
        rows: Any = super().choosable(key)
        return rows.where(User.role.in_(list(self.people[key.name]))) if key.name in self.people else rows

    def create_model(self, form: Any) -> Any:
        return self.saving.create(form)

    def update_model(self, form: Any, model: Any) -> bool:
        return self.saving.update(form, model)

    def brings(self, form: Any) -> bool:
        """Whether the form holds something to be stored beside the columns."""
        return False

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        """Called in the transaction of the write; override to write something besides."""
        if self.notes_edits:
            self.note(
                model, [self.get_column_name(name) for name in (self.form_columns if created else changed_fields)]
            )

    def note(self, row: Any, names: list[str], what: str = "") -> None:
        """Write the edit into the history; the write itself is of the same transaction."""
        note_edit(row, names, by=viewer(signed_in()), what=what)

    def kin(self, row: Any) -> list[Any]:
        """The rows whose edits count as edits of this one."""
        return [row]

    def changed_by(self, model: Any) -> str:
        """Who saved last, when and what, for the sentence that refuses a stale form."""
        return (self.notes_edits and last_edit(self.kin(model))) or "pengguna lain"

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
