"""The base class of all table views: closed by default, every query scoped to the user, made of parts."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus

from flask import abort, g, redirect, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import FLAGS, ActiveFilters, TableView, ViewPart
from admin.door.gate import READS, SEARCHES, admits_to, expose
from admin.door.rows import redirect_target, safe_target, signed_in, valid_id
from admin.lists.bulk_actions import BulkActions
from admin.lists.cells import LONG, TYPES, names_of_ids
from admin.lists.export import Export
from admin.lists.filters import Filter, Filtering
from admin.lists.inputs import NativeConverter, form_for
from admin.lists.jump import MANY, Jump, list_from_referrer, minified_page
from admin.lists.listing import Listing
from admin.lists.saved_views import Look, SavedViews
from admin.lists.saving import DetailsPage, EditPage, NewPage, NewRow, Saving, last_edit
from models.case.attachments import record_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.records.fields import IdList
from models.store import prepared
from models.store.base import CurrentChoices

ROW = "-row-"  # stands for a row's key in the pattern of an address
REQUIRED_BY_FLAG = {
    "can_view_details": "column_details_list",
    "can_edit": "form_columns",
    "can_create": "form_columns",
    "can_export": "column_export_list",
}


class IncompleteView(Exception):
    """A view that does not name what it opens may not start."""


class PanelView(TableView):
    """Subclasses name what is listed, shown, written and exported; everything else is refused.

    Each subject of a list is a part, which a view may replace: `jump = Jump(day="at")`. The methods here are
    Flask-Admin's hooks, which call the parts, and the labels of the view's rows.
    """

    listing, filtering, jump, look = Listing(), Filtering(), Jump(), Look()
    saved_views, bulk = SavedViews(), BulkActions()
    saving, exports = Saving(), Export()
    new: NewPage = NewRow()
    edit: ViewPart = EditPage()
    details: ViewPart = DetailsPage()
    papers: ViewPart | None = None  # acts on the papers of its rows
    preview: ViewPart | None = None  # a card of a row beside the list, at `ringkas/<id>/`

    title_column: str | None = None  # column that links to the details page; the first listed one by default
    primary_action: str | None = None  # the bulk action drawn as the main button
    empty_text = "Belum ada data di sini."
    empty_hint = ""  # added for users who may create rows
    list_class = ""  # CSS class of a list with compact rows: cases, prints, deeds
    unstyled_columns: tuple[str, ...] = ()  # columns of a compact list that keep the usual style
    counted = ""  # the noun for its rows; the view's name by default
    shows_case_text = False  # the list shows text from cases, so every reading is logged, not only that of secret cases
    search_names: Mapping[str, str] = {}  # what a searched column holds, where its heading is no noun for it
    create_label = "Tambah"
    preset_fields: tuple[str, ...] = ()  # fields of the create form that a query argument may preset
    fixed: tuple[str, ...] = ()  # columns that cannot be changed after creation
    people: dict[str, frozenset[str]] = {}  # roles of the users who may be picked, by foreign key
    records_edits = False  # each edit is recorded in the history
    column_orders: dict[Any, Any] = {}  # expression to sort by instead of a column: as text 10 sorts before 2
    preserved_args: tuple[str, ...] = ()  # further query arguments that the list's links preserve
    column_type_formatters = TYPES
    column_type_formatters_detail = {**TYPES, **LONG}
    can_create = can_edit = can_delete = can_view_details = can_export = False
    can_set_page_size = simple_list_pager = True
    page_size = 20  # rows of a page by default
    page_size_options = (20, 50, 100, 200)
    named_filter_urls = False
    model_form_converter = NativeConverter
    list_template = "admin/model/list.html"
    cost = READS  # of routes that declare none
    action_delete = ajax_lookup = ajax_update = delete_view = None  # routes that do not exist

    def __init__(self, model: Any, *args: Any, **kwargs: Any) -> None:
        self._check(model)
        fields = model._meta.fields.items()
        choices = {name: field.choices for name, field in fields if field.choices}
        self.column_choices: dict[str, Any] = {**choices, **(self.column_choices or {})}
        lists = {name: names_of_ids for name, field in fields if isinstance(field, IdList)}
        self.column_formatters: dict[str, Any] = {**lists, **(self.column_formatters or {})}
        super().__init__(model, *args, **kwargs)
        current = {name: listed for name, listed in choices.items() if isinstance(listed, CurrentChoices)}
        self.label_by(current)

    def _check(self, model: Any) -> None:
        missing = [need for flag, need in REQUIRED_BY_FLAG.items() if getattr(self, flag) and not getattr(self, need)]
        missing += [name for name in ("noun", "column_list") if not getattr(self, name)]
        if missing:
            raise IncompleteView(f"{type(self).__name__} must name {', '.join(dict.fromkeys(missing))}")
        if self.can_delete or self.column_editable_list or self.inline_models or model._meta.composite_key:
            raise IncompleteView(f"{type(self).__name__}: no delete, list editing, inline models or composite keys")

    # Access

    def get_one(self, id: Any) -> Any:
        """The row with this id if the user may see it."""
        return self.get_query().where(self.model._meta.primary_key == valid_id(str(id))).get_or_none()

    def requested_row(self, door: str) -> Any:
        """The row whose id is in the query, if the user may use this door for it; else 404."""
        row = self.get_one(self.requested_id(door))
        if row is None or not self.opens(door, row):
            abort(404)
        return row

    def requested_id(self, door: str) -> int:
        """The id in the query, if the view has this door; else 404."""
        typed = request.args.getlist("id")
        if len(typed) != 1 or not getattr(self, FLAGS[door]):
            abort(404)
        return valid_id(typed[0])

    @property
    def return_url(self) -> str:
        """The address to return to: the `url` argument (a bare query string means the view's own list), else the
        list as in the referrer, else the plain list."""
        own, asked = str(self.get_url(".index_view")), request.values.get("url", "")
        named = safe_target(f"{own}{asked}") if asked.startswith("?") else redirect_target()
        return named or safe_target(list_from_referrer(own)) or own

    @expose("/", cost=SEARCHES)
    def index_view(self) -> Any:
        """The list, or a redirect for a jump or the last saved view."""
        if target := self.jump.address() or self.saved_views.address_of_last():
            return redirect(target)
        page, size = super().index_view(), self.get_safe_page_size(self.list_args().page_size)
        return minified_page(page, self.get_url(".index_view")) if size > MANY else page

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
        """The rows with these keys, in this order, with their joins, in one query; master data comes from the cache."""
        if not keys:
            return []
        is_listed = prepared.is_given(self.model._meta.primary_key)
        stored = {
            row.get_id(): row
            for row in prepared.run(
                ("rows", *self.shape()),
                lambda: self.rows_with(self.parents.not_cached).where(is_listed),
                keys,
            )
        }
        rows = [stored[key] for key in keys if key in stored]
        self.parents.attach_cached(rows)
        return rows

    def list_args(self) -> ViewArgs:
        """The arguments of the address, parsed once per request."""
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
        """Whether the user may open the page that the action leads to, and each part that judges actions allows it."""
        parts = self.parts_by_name.values()
        pages = tuple(part.pages_of_actions[name] for part in parts if name in part.pages_of_actions)
        judges = [part for part in parts if type(part).allows is not ViewPart.allows]
        return (not pages or admits_to(pages)) and all(part.allows(name) for part in judges)

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
        """The value as on the details page."""
        no_template: Any = None
        return self.get_detail_value(no_template, row, name)

    # Forms

    def scaffold_form(self) -> type:
        more = self.form_extra_fields or {}
        return form_for(self, self.model, self.form_columns or (), self.form_base_class, **more)

    def get_edit_form(self) -> type:
        return self.saving.edit_form_class()

    def create_form(self, obj: Any = None) -> Any:
        """The form of a new row; on GET with valid presets from the query."""
        form = super().create_form(obj)
        for name in self.preset_fields if request.method == "GET" else ():
            picked = request.args.get(name, "")
            if picked in {str(choice.value) for choice in form[name].iter_choices()}:
                form[name].data = form[name].coerce(picked)
        return form

    def create_context(self, form: Any) -> dict[str, object]:
        """Further template context of the create page."""
        return {}

    def choosable(self, key: Any) -> Any:
        """Users only with a fitting role, so that editing master data never gives access to cases."""
        rows: Any = super().choosable(key)
        return rows.where(User.role.in_(list(self.people[key.name]))) if key.name in self.people else rows

    def create_model(self, form: Any) -> Any:
        return self.saving.create(form)

    def update_model(self, form: Any, model: Any) -> bool:
        return self.saving.update(form, model)

    def has_other_data(self, form: Any) -> bool:
        """Whether the form has data to store outside the columns."""
        return False

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        """Called in the transaction of the write; override to write more."""
        if self.records_edits:
            self.note(
                model, [self.get_column_name(name) for name in (self.form_columns if created else changed_fields)]
            )

    def note(self, row: Any, names: list[str], what: str = "", reason: str = "") -> None:
        """Record the edit in the history, in the transaction of the write."""
        record_edit(row, names, by=viewer(signed_in()), what=what, reason=reason)

    def related_rows(self, row: Any) -> list[Any]:
        """The rows whose edits count as edits of this row."""
        return [row]

    def changed_by(self, model: Any) -> str:
        """Who saved last, when and what, for the message about a stale form."""
        return (self.records_edits and last_edit(self.related_rows(model))) or "pengguna lain"

    # Called by templates

    def row_address(self, page: str, back: str | None) -> Callable[[Any], str]:
        """A function that gives a row's address of this page: all of a list have one pattern, which is built once."""
        before, _, after = str(self.get_url(page, id=ROW, url=back)).partition(ROW)
        return lambda key: f"{before}{quote_plus(str(key))}{after}"

    def get_list_row_actions(self) -> list[Any]:
        """Only the view's own actions: the list template draws details and edit itself."""
        return list(self.column_extra_row_actions or ())

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """The page from which the form was opened."""
        return self.return_url

    def further_links(self) -> list[tuple[str, str]]:
        """(label, address) of further links above the list."""
        return []

    def has_row_links(self) -> bool:
        """Whether the list needs a column of row actions."""
        return self.opens("edit") or bool(self.column_extra_row_actions)

    def checkbox_label(self, row: Any) -> str:
        """The accessible label of a row's checkbox."""
        return str(row)

    def row_name(self, row: Any) -> str:
        """The row's name in headings and messages."""
        return str(row)

    def created_message(self, row: Any) -> str:
        """The message after a row was added."""
        noun = self.noun_in_sentence
        return f"{noun[:1].upper()}{noun[1:]} {self.row_name(row)} telah ditambahkan."

    @property
    def titled(self) -> str:
        """The column that links to the details page."""
        return self.title_column or self.get_list_columns()[0][0]

    def short_return_url(self, url: str) -> str | None:
        """The list to return to from a row's page, for its address: of the view's own list only the query, if any."""
        path, _, query = url.partition("?")
        return ((query and f"?{query}") if path == self.get_url(".index_view") else url) or None

    def get_empty_list_message(self) -> str:
        hint = f" {self.empty_hint}" if self.empty_hint and self.opens("create") else ""
        return f"{self.empty_text}{hint}"

    @property
    def noun_in_sentence(self) -> str:
        """The noun for a row within a sentence: "jam kerja", but "Nota Dinas"."""
        first, *rest = (self.counted or self.name).split()
        is_proper = any(word[:1].isupper() for word in rest)
        return " ".join([first if is_proper else first.lower(), *rest])
