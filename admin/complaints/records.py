"""Lists and pages of the main line's records (disposisi, asesmen, …), generated from their models."""

import re
from typing import Any

import peewee as pw
from flask import abort, url_for
from markupsafe import Markup

from admin.case.acts import CaseBulkActions
from admin.case.steps import MOST_IN_ADDRESS
from admin.door.gate import expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import (
    BREAK,
    NOTHING,
    badge,
    breaking_at_slash,
    number_in_column,
    short_moment,
    state_badge,
    sub_line,
    urgency_marks,
)
from admin.lists.filters import Choice, Since, Until, YesNo
from admin.lists.jump import Jump
from admin.lists.masters import REPORTS
from admin.lists.paging import by_parent
from admin.lists.saving import DetailsPage, NewPage
from admin.papers.bundles import PaperBundles, valid_papers_of, void_papers_of
from admin.papers.status import complaint_link
from models.case import access_notes
from models.case.case import load
from models.case.content import Composer
from models.case.content_parts import single_copy_sentence
from models.case.in_force import is_current
from models.complaint.complaint import Complaint
from models.complaint.number import Number, number_text, valid
from models.complaint.paper import Paper
from models.complaint.scope import viewer, visible
from models.records.base import Division, Record
from models.records.in_words import value_in_words
from models.records.registry import RECORDS
from models.store.base import among, now, without_index
from sop.access import ABOUT, lanes
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from sop.words import format_moment


def deciding_step(model: type[Record]) -> Transition | None:
    """The step that approves records of this kind, or None."""
    steps = (t for t in vocabulary().steps if t.independent and t.needs)
    return next((step for step in steps if step.needs[-1].record == model.key), None)


def decisions_on(model: type[Record]) -> tuple[Any, ...]:
    """Expressions: whether a record was approved, sent back, or superseded by a later revision."""
    step = deciding_step(model)
    if step is None:
        return ()
    later = model.alias()
    sending_back = next((t for t in current_procedure().from_state(step.key) if t.effect == "new_revision"), None)
    returned = _act_on_revision(sending_back, model) if sending_back else pw.Value(None)
    after = later.select(later.id).where(
        _of_same_round(later, model) & (later.revision > model.revision) & ~later.draft
    )
    return (
        _act_on_revision(step, model).alias("approved"),
        returned.alias("returned"),
        after.limit(1).alias("later"),
    )


def _act_on_revision(step: Transition, model: type[Record]) -> Any:
    """Subquery: the id of a step's record about the same revision."""
    record = RECORDS[step.record]
    same = _of_same_round(record, model) & (record.revision == model.revision)
    return record.select(record.id).where(same & record.act.in_(vocabulary().keys_of(step))).limit(1)


def _of_same_round(record: Any, other: Any) -> Any:
    """Condition: same case, round and disposition, and `record` is not recalled."""
    same = (record.complaint == other.complaint) & (record.round == other.round) & (record.leg == other.leg)
    return same & ~record.recalled


def decision_badge(row: Any) -> Markup:
    """The decision on a record selected with `decisions_on`, as a badge; none for drafts and recalled records."""
    c = row.complaint
    if row.draft or row.recalled:
        return NOTHING
    if row.approved:
        return badge("good", "Disetujui")
    if row.later:
        return badge("neutral", "Digantikan revisi")
    if row.returned:
        return badge("warn", "Dikembalikan")
    now = is_current(row, c) and c.state in vocabulary().open_states
    return badge("wait", "Menunggu") if now else NOTHING


PLACES = {  # key: (endpoint, name in the menu, category)
    "disposition": ("disposisi", "Disposisi", None),
    "assessment": ("asesmen", "Asesmen", REPORTS),
    "nota_dinas": ("nota-dinas", "Nota Dinas", REPORTS),
    "berita_acara": ("berita-acara", "Berita Acara", REPORTS),
}
UNSORTED = ("complaint.title", "complaint.state", "decision")  # attributes of the case; the list of cases sorts by them
ISSUING = ("nota_dinas",)  # records whose papers can be acted on
BEGUN_HERE = ("disposition",)  # records with /new/, which offers the waiting complaints
ACTED_ON = (*BEGUN_HERE, *ISSUING)  # records with the bulk actions of their complaints


def number_of(model: type[Record], step: Transition) -> Any:
    """Subquery: the number of the step when the record was made; for a draft only a valid one."""
    row: Any = model
    before = without_index(Number.given_at) <= row.made_at  # a case has few numbers, a series all that were ever given
    given = (Number.complaint == row.complaint) & (Number.round == row.round) & before
    own = given & (Number.series == step.series) & (valid() | ~row.draft)
    return Number.select(number_text()).where(own).order_by(Number.id.desc()).limit(1)


def record_expressions(view: Any) -> tuple[Any, ...]:
    """Further expressions for each record: the decision on it, and the number of its step."""
    number = [number_of(view.model, view.step).alias("paper_number")] if view.step.series else []
    return (*decisions_on(view.model), *number)


def cases_of_rows(view: PanelView, row_ids: list[int]) -> list[int]:
    """The complaints of those records that the user may see."""
    rows = view.own_rows().where(among(view.model.id, row_ids)).select(view.model.complaint).tuples()
    return list(dict.fromkeys(case for (case,) in rows))


class RecordPapers(PaperBundles):
    """The papers of the records' complaints that the record's row of the SOP issues."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        return valid_papers_of(self.case_rows(row_ids)).where(Paper.kind.in_(self._kinds()))

    def void_rows(self, row_ids: list[int]) -> Any:
        return void_papers_of(self.case_rows(row_ids)).where(Paper.kind.in_(self._kinds()))

    def case_rows(self, row_ids: list[int]) -> list[int]:
        return cases_of_rows(self.view, row_ids)

    def _kinds(self) -> list[str]:
        row = current_procedure().row(self.view.step.key)
        return [paper.key for paper in row.papers] if row else []


class RecordPage(DetailsPage):
    """A record's page; reading is logged, since it shows content of the case."""

    def page(self, row: Any) -> Any:
        case = load([row.complaint_id], signed_in(), now())[row.complaint_id]
        access_notes.note(case, f"{self.view.model.key}"[:60])
        return super().page(row)

    def once(self, row: Any) -> list[str]:
        """Sentences for papers of the record that are printed once only."""
        if row.act not in vocabulary().transitions or row.draft:
            return []
        papers = vocabulary().transitions[row.act].papers
        return [sentence for paper in papers if (sentence := single_copy_sentence(paper, [row.complaint]))]

    def facts_of(self, row: Any) -> list[tuple[str, Any]]:
        """(label, value) pairs: complaint, fields, author."""
        composer = Composer({}, {}, at=now(), demo=False)
        blanks = composer.in_words(self.view.model.key, row.__data__)
        head = [
            ("Pengaduan", complaint_link(row.complaint)),
            ("Judul", row.complaint.title),
            ("Status pengaduan", state_badge(row.complaint.state)),
            ("Naskah", record_status_badge(row)),
        ]
        number = [("Nomor", row.paper_number or "")] if self.view.step.series else []
        made = [("Dibuat oleh", row.made_by.name), ("Dibuat pada", format_moment(row.made_at))]
        return head + number + [(label, value_in_words(value)) for label, value in blanks.items()] + made


class CaseChoicePage(NewPage):
    """/new/ of a record: the user first chooses a complaint that waits for the record's step."""

    @expose("/new/")
    def create_view(self) -> Any:
        view = self.view
        if not self._may_begin():
            abort(403)
        query = visible(signed_in(), Complaint).where(Complaint.state == view.step.key)
        waiting = list(query.order_by(Complaint.emergency.desc(), Complaint.row_due_at).limit(MOST_IN_ADDRESS))
        access_notes.log_list(signed_in(), f"pilihan {view.endpoint}", waiting)
        return view.render("admin/case/choice.html", step=view.step, waiting=waiting, return_url=view.return_url)

    def _may_begin(self) -> bool:
        return bool(lanes(self.view.step) & viewer(signed_in()).lanes)

    def link(self) -> tuple[str, str] | None:
        return (url_for(".create_view"), self.view.step.label) if self._may_begin() else None


def record_status_badge(row: Any) -> Markup:
    """The record's status: draft, recalled, revision or final."""
    if row.draft:
        return badge("warn", "KONSEP")
    if row.recalled:
        return badge("neutral", "Ditarik kembali")
    return badge("info", f"Revisi {row.revision - 1}") if row.revision > 1 else badge("good", "Final")


def made_cell(row: Any) -> Markup:
    """The time of a record, and below it the author."""
    return Markup("%s<small>%s</small>") % (short_moment(row.made_at), row.made_by.name)


def record_title_cell(row: Any) -> Markup:
    """The complaint's title after badges for unusual records, and below it the record's number."""
    own = [record_status_badge(row)] if row.draft or row.recalled or row.revision > 1 else []
    marks = Markup(" ").join([*own, *(badge(tone, words) for words, tone in urgency_marks(row.complaint))])
    head = marks + BREAK if marks else ""
    number = sub_line(breaking_at_slash(row.paper_number)) if getattr(row, "paper_number", "") else ""
    return Markup('<span class="broad">%s%s%s</span>') % (head, row.complaint.title, number)


def unit_cell(key: str) -> Any:
    """A formatter for a unit's long name, in a wider column."""
    words = Markup('<span class="unit">{}</span>')
    return lambda view, context, row, name: words.format(unit) if (unit := getattr(row, key)) else NOTHING


def _short_blanks(model: type[Record]) -> list[pw.Field]:
    """The fields that fit into a column: choices and units."""
    return [f for f in model.blanks() if f.choices or (isinstance(f, pw.ForeignKeyField) and f.rel_model is Division)]


def _columns(model: type[Record], step: Transition) -> dict[str, str]:
    """Columns and labels of a record's list; choices copied to the complaint appear as badges at its title."""
    short = {
        (f"{f.name}.name" if isinstance(f, pw.ForeignKeyField) else f.name): str(f.verbose_name)
        for f in _short_blanks(model)
        if not (f.choices and f.name in model.carries)
    }
    return {
        "complaint.number": "Pengaduan",
        "complaint.title": "Judul",
        **short,
        **({"decision": "Keputusan"} if deciding_step(model) else {}),
        "complaint.state": "Status pengaduan",
        "made_at": "Dibuat",
    }


FORMATTERS: dict[str, Any] = {
    "complaint.state": lambda view, context, row, name: state_badge(row.complaint.state),
    "complaint.number": lambda view, context, row, name: number_in_column(row.complaint.number),
    "complaint.title": lambda view, context, row, name: record_title_cell(row),
    "decision": lambda view, context, row, name: decision_badge(row),
    "made_at": lambda view, context, row, name: made_cell(row),
}


def record_view(key: str, step: Transition) -> PanelView:
    """Create the view of a record from its model."""
    model = RECORDS[key]
    slug = re.sub(r"[^a-z0-9]+", "-", model.title.lower()).strip("-")
    endpoint, name, category = PLACES.get(key, (slug, model.title, REPORTS))
    attributes = {
        "step": step,
        "noun": endpoint if key in PLACES else "pengaduan",
        "checkbox_label": lambda view, row: str(row.complaint.number),
        "about": ABOUT.get(endpoint) or model.about or f"Yang tercatat pada langkah “{step.label}”.",
        "empty_text": f"Belum ada {name} yang dapat Anda buka. Isinya muncul dari langkah “{step.label}”.",
        "jump": Jump(day="made_at", number="complaint.number"),
        "details": RecordPage(),
        **({"bulk": CaseBulkActions(cases_of_rows)} if key in ACTED_ON else {}),
        **({"papers": RecordPapers()} if key in ISSUING else {}),
        **({"new": CaseChoicePage()} if key in BEGUN_HERE else {}),
        **_grammar(model, step),
    }
    view: PanelView = type(f"{model.__name__}View", (PanelView,), attributes)(
        model, name, category=category, endpoint=endpoint, url=f"/{endpoint}"
    )
    return view


def _grammar(model: Any, step: Transition) -> dict[str, object]:
    """Flask-Admin's attributes (columns, order, filters), from the record's fields."""
    labels, units = _columns(model, step), [f.name for f in _short_blanks(model) if isinstance(f, pw.ForeignKeyField)]
    return {
        "can_view_details": True,
        "details_template": "admin/complaints/record.html",
        "list_template": "admin/complaints/_list.html",
        "joins": ("complaint", "made_by", *units),
        "read_with": property(record_expressions),
        "column_list": tuple(labels),
        "column_labels": labels,
        "column_details_list": tuple(labels),
        "column_sortable_list": tuple(name for name in labels if name not in UNSORTED),
        "column_orders": {
            "complaint.number": model.complaint,
            **{f"{name}.name": by_parent(model._meta.fields[name]) for name in units},
        },
        "column_default_sort": ("made_at", True),
        "column_searchable_list": ("complaint.number", "complaint.title"),
        "column_formatters": {**FORMATTERS, **{f"{name}.name": unit_cell(name) for name in units}},
        "column_filters": (
            Choice("complaint.state", "Status pengaduan", lambda: list(vocabulary().states.items())),
            *(f.name for f in _short_blanks(model)),
            YesNo("draft", "Konsep"),
            Since("made_at", "Dibuat"),
            Until("made_at", "Dibuat"),
            *case_filters(model),
        ),
    }


def views() -> list[PanelView]:
    """The views of PLACES, then those of further records of the main line."""
    writers = {t.record: t for t in reversed(vocabulary().steps) if t.record in RECORDS}
    keys = [key for key in PLACES if key in writers] + [key for key in reversed(writers) if key not in PLACES]
    return [record_view(key, writers[key]) for key in keys]
