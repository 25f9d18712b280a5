"""Hints on the intake form: values by category, birth date and sex by NIK, missing blanks, emergency contacts."""

from types import SimpleNamespace
from typing import Any

from wtforms.fields.choices import SelectChoice

from admin.lists.inputs import BLANK
from models.complaint.complaint import SEXES, Complaint
from models.office import contacts
from models.office.emergency import Contact, contact_of, services
from models.office.lists import GROUPS, Category, Kelurahan, Medium
from models.office.people import Division, today
from models.office.settings import LAW_CLASSES, values
from models.reading.category_words import Proposal, proposals_of
from models.records.entry import DEFAULT_CATEGORY, UNSORTED, WANTED, category_of, missing, usual_title
from models.store import master_cache
from models.store.base import Columns, labels_of
from sop.access import SECRECY, URGENCY
from sop.words import format_date

BY_CATEGORY = SelectChoice("", "– mengikuti kategori –")
DECIDED = {
    **{name: labels_of(Complaint)[name] for name in ("title", "secrecy", "urgency", "law_class")},
    "unit": "Unit kerja yang diusulkan",
}
NOT_YET = "Bila belum jelas"  # heading of the choice to sort later
NO_KELURAHAN = SelectChoice("", "– belum ada; diisi pada Data induk, Kelurahan –")
WORDS = {"secrecy": SECRECY, "urgency": URGENCY, "law_class": LAW_CLASSES}


def medium_choices() -> list[SelectChoice]:
    """The media in the SOP's groups, with the label of their reference as data attribute."""
    rows = [row for row in master_cache.rows_by_id(Medium).values() if row.active]
    return [
        BLANK,
        *(
            SelectChoice(m.id, m.name, {"data_reference": m.reference_label}, label)
            for key, label in GROUPS
            for m in rows
            if m.group == key
        ),
    ]


def kelurahan_choices() -> list[SelectChoice]:
    """The active kelurahan; if there is none, the blank choice says where to add them."""
    offered = Kelurahan.select().where(Kelurahan.active).order_by(Kelurahan.name)
    rows = master_cache.cached("offered kelurahan", lambda: list(offered))
    choices = [SelectChoice(k.id, str(k)) for k in rows]
    return [BLANK if choices else NO_KELURAHAN, *choices]


def category_choices() -> list[SelectChoice]:
    """The categories under their headings, with the values that each decides as data attributes; last the one for cases
    that are sorted later."""
    categories = master_cache.rows_by_id(Category).values()
    heads = {c.id: c.name for c in categories if not c.active}
    settings = values()
    units = {unit.id: contact_of(unit, settings) for unit in master_cache.rows_by_id(Division).values()}
    by_head: dict[str, list[SelectChoice]] = {}
    for category in sorted((c for c in categories if c.active), key=lambda c: c.code == DEFAULT_CATEGORY):
        head = NOT_YET if category.code == DEFAULT_CATEGORY else heads.get(category.parent_id, "Lainnya")
        by_head.setdefault(head, []).append(
            SelectChoice(category.id, category.name, _decided_by(category, units), head)
        )
    return [BLANK, *(choice for choices in by_head.values() for choice in choices)]


def _decided_by(category: Category, units: dict[int, Contact]) -> dict[str, str]:
    classes = {f"data_{name}": getattr(category, name) for name in WORDS}
    called = units.get(category.emergency_unit_id)
    unsorted = {"data_unsorted": "ya"} if category.code == DEFAULT_CATEGORY else {}
    return {
        **unsorted,
        **classes,
        "data_title": category.title or category.name,
        "data_unit": str(category.unit_id or ""),
        "data_call": str(called or ""),
        "data_dial": called.dialled if called else "",
    }


def unit_choices() -> list[SelectChoice]:
    rows = [row for row in master_cache.rows_by_id(Division).values() if row.holds_on(today())]
    return [BY_CATEGORY, *(SelectChoice(row.id, row.name) for row in rows)]


def choices_by_category(labels: dict[str, str]) -> list[SelectChoice]:
    return [BY_CATEGORY, *(SelectChoice(key, label) for key, label in labels.items())]


class Hints:
    """The hints for the present values of an intake form."""

    def __init__(self, form: Any) -> None:
        self.form, self.picked = form, bool(form.category.data)
        self.category = category_of(form.category.data)

    @property
    def proposals(self) -> list[Proposal]:
        """The categories that the story suggests while none is picked."""
        return [] if self.picked else proposals_of(self._story)

    @property
    def _story(self) -> str:
        story = self.form.story.data  # a file in its place is refused elsewhere
        return story if isinstance(story, str) else ""

    @property
    def usual(self) -> Columns:
        """The values that apply where nothing is typed or picked, by field."""
        form = self.form
        title = usual_title(self.category, form.kelurahan.data, story=self._story, secrecy=form.secrecy.data or "")
        classes = {name: getattr(self.category, name) for name in WORDS}
        return {"title": title, **classes, "unit": self.category.unit_id}

    @property
    def decided(self) -> list[tuple[str, str, str]]:
        """(field, label, present value): as picked, else by the category."""
        usual, names = self.usual, {row.id: row.name for row in master_cache.rows_by_id(Division).values()}
        values_now = {name: self.form[name].data or usual[name] for name in DECIDED if name in self.form}
        lists = {**WORDS, "unit": names}
        return [
            (name, DECIDED[name], lists.get(name, {}).get(value, value) or "–") for name, value in values_now.items()
        ]

    @property
    def is_secret(self) -> bool:
        return bool((self.form.secrecy.data or self.category.secrecy) == "rahasia")

    @property
    def wanted(self) -> list[tuple[str, str, bool]]:
        """(field, label, is missing) of the blanks that are *perlu dilengkapi*."""
        of_case = [name for name in WANTED if "." not in name]
        of_pengadu = [name.partition(".")[2] for name in WANTED if "." in name]
        case = SimpleNamespace(anonymous=self.form.anonymous.data, **{name: self._typed(name) for name in of_case})
        pengadu = SimpleNamespace(**{name: self._typed(f"pengadu-{name}") for name in of_pengadu})
        lacking = missing(case, pengadu)  # type: ignore[arg-type]  # a form, before there is a case
        of_case_itself = [(name.replace(".", "-"), label, label in lacking) for name, label in WANTED.items()]
        return [("category", UNSORTED, self.picked and self.category.code == DEFAULT_CATEGORY), *of_case_itself]

    def _typed(self, name: str) -> str:
        return str(self.form[name].data or "").strip()

    def nik_words(self, kind: str) -> str:
        """Sex and birth date by the person's NIK, to be checked."""
        reading = contacts.read_nik(self.form[f"{kind}-nik"].data or "", today())
        if reading is None:
            return ""
        return (
            f"Menurut NIK: {dict(SEXES)[reading.sex].lower()}, lahir {format_date(reading.birth)}. Cocokkan dengan KTP."
        )

    @property
    def unit_called(self) -> Contact | None:
        """The category's emergency unit."""
        unit = self.category.emergency_unit if self.picked else None
        return contact_of(unit, values()) if unit else None

    @property
    def services(self) -> list[Contact]:
        """The public emergency services."""
        return services(values())


PICK = "pick:"  # prefix of the button that picks a proposed category, followed by its id


def pick_proposed(form: Any, pressed: str) -> bool:
    """Pick the category whose button was pressed, if it is one that can be chosen; whether such a button was."""
    if not pressed.startswith(PICK):
        return False
    chosen = pressed.removeprefix(PICK)
    form.category.data = next((c.value for c in form.category.choices if str(c.value) == chosen), form.category.data)
    return True


def fill_in(form: Any, persons: Any) -> None:
    """Fill empty fields with the values by category and by each NIK."""
    if form.category.data:
        for name, value in Hints(form).usual.items():
            _fill_if_blank(form, name, value)
    for kind in persons:
        reading = contacts.read_nik(form[f"{kind}-nik"].data or "", today())
        if reading:
            _fill_if_blank(form, f"{kind}-birth", format_date(reading.birth))
            _fill_if_blank(form, f"{kind}-sex", reading.sex)


def _fill_if_blank(form: Any, name: str, value: Any) -> None:
    if name in form and value and not form[name].data:
        form[name].data = value
