"""The page of the letterhead's settings, saved together, with a preview of a paper."""

from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request
from flask_admin.form import BaseForm
from flask_admin.helpers import get_form_data, validate_form_on_submit
from wtforms import BooleanField, DateField, FileField, HiddenField

from admin.door.flaskadmin import ViewPart
from admin.door.gate import TAKES_FILES, begins, expose
from admin.lists.export import pdf_response
from admin.lists.inputs import Required, clean_line, clean_text, plausible_year
from admin.lists.saving import EditConflict, Stale, differences, form_page
from admin.office.setting_inputs import AGAIN, CODES, EmblemField, fields_of, number_example
from admin.papers import drafts
from models.case.sample import paper_kinds, printed_on
from models.office import wording
from models.office.people import today
from models.office.settings import EMBLEM, OPTIONS, Setting, Settings, store_setting, values, version_of
from models.store.resource_limits import Work
from papers.printing.failure import PrintError
from sop.words import format_date

LETTERHEAD = tuple(key for key in OPTIONS if key.startswith("office."))
NUMBERED = "number.nota_dinas"  # a pattern that contains the unit's code
SEPARATOR = "@"  # separates version and day in the hidden version field
OVERTAKEN = "Kop sudah diubah oleh {} setelah Anda membukanya."
OTHER_DAY = "Pada {} berlaku kop lain daripada hari ini."
UNCHANGED = "Kop tidak berubah: semua isian sama dengan yang berlaku pada tanggal itu."


def name_of(key: str) -> str:
    """The form field's name for a setting of the letterhead."""
    return key.partition(".")[2]


class LetterheadPages(ViewPart):
    """Part of the settings' view: /pengaturan/kop/ and its previews."""

    @expose("/kop/", methods=("GET", "POST"), cost=begins(Work.FILE, Work.PRINT))
    def letterhead(self) -> Any:
        """The form; `do=look`, for browsers without JavaScript, refreshes the preview."""
        form = self._letterhead_form()
        if not self._fits(form) or request.form.get("do") == "look":
            return self._letterhead_page(form)
        if (changed := self._save_letterhead(form)) is None:
            return self._letterhead_page(form)
        labels = ", ".join(OPTIONS[key].label for key in changed)
        flash(f"Kop telah disimpan: {labels}." if changed else UNCHANGED, "success" if changed else "info")
        return redirect(self.view.get_url(".index_view"))

    @expose("/kop/contoh/", methods=("POST",), cost=TAKES_FILES)
    def letterhead_sheet(self) -> Any:
        """The preview with the typed values, requested by script, without the picture; stores nothing."""
        form = self._letterhead_form()
        form.validate()
        if why := [sentence for field in form if field.name != name_of(EMBLEM) for sentence in field.errors]:
            return make_response(render_template("admin/office/_samples.html", why=" ".join(why)), 422)
        settings = typed_settings(form)
        sheets, example = [self._sheet(settings)], number_example(NUMBERED, settings)
        return render_template("admin/office/_samples.html", sheets=sheets, example=example)

    @expose("/kop/contoh.pdf", methods=("POST",), cost=begins(Work.FILE, Work.PRINT))
    def letterhead_pdf(self) -> Any:
        """The preview as PDF, with the chosen picture."""
        form = self._letterhead_form()
        if not self._fits(form):
            return make_response(self._letterhead_page(form), 422)
        try:
            [content] = drafts.sample_contents(typed_settings(form), printed_on(NUMBERED)[:1], "", new_picture(form))
            return pdf_response(drafts.sample_pdf(content), "CONTOH-kop.pdf")
        except PrintError as failed:
            return abort(409, f"Contoh ini tidak dapat dicetak. {failed}")

    # The form

    def _letterhead_form(self) -> Any:
        if not self.view.opens("create"):
            abort(404)
        return letterhead_form(values(), get_form_data())

    def _fits(self, form: Any) -> bool:
        """Validate the submitted form; the values must print on a sample. False if nothing was submitted."""
        fits = bool(validate_form_on_submit(form))
        for field in form if request.method == "POST" else ():
            if not field.raw_data and not isinstance(field, BooleanField | FileField | HiddenField):
                field.errors, fits = [field.gettext("This field is required.")], False
        if fits and (sentence := drafts.print_objection(typed_settings(form), LETTERHEAD[0], new_picture(form))):
            form[name_of(LETTERHEAD[0])].errors, fits = [sentence], False
        picked = form[name_of(EMBLEM)]
        if picked.upload and not fits:
            picked.errors = [*picked.errors, AGAIN]
        return fits

    def _letterhead_page(self, form: Any) -> Any:
        sound = not any(field.errors for field in form if field.name != name_of(EMBLEM))
        settings = typed_settings(form) if sound else values()
        return form_page(
            self.view,
            "admin/office/letterhead.html",
            form,
            sheet=self._sheet(settings),
            example=number_example(NUMBERED, settings),
        )

    def _sheet(self, settings: Settings) -> drafts.RenderedSheet:
        [content] = drafts.sample_contents(settings, printed_on(NUMBERED)[:1])
        return drafts.rendered_sheet(content, paper_kinds()[content["paper"]["key"]])

    # Saving

    def _save_letterhead(self, form: Any) -> list[str] | None:
        """Store values that differ from those in force on that day; their keys, or None if storing failed."""
        since, typed = form.valid_from.data, typed_settings(form)
        before = values(since)
        if not new_picture(form) and not form.builtin.data and wording.is_own(before[EMBLEM]):
            typed[EMBLEM] = before[EMBLEM]  # the emblem of that day, which was not replaced
        changed = [key for key in LETTERHEAD if typed[key] != before[key]]
        try:
            return changed if self.view.saving.attempt(lambda: self._store_letterhead(form, changed, typed)) else None
        except Stale:
            self._show_conflict(form)
            return None

    def _store_letterhead(self, form: Any, changed: list[str], typed: Settings) -> None:
        if not _was_seen(form):
            raise Stale
        if EMBLEM in changed and (picture := new_picture(form)):
            wording.store_emblem(picture)
        for key in changed:
            self.view.note(store_setting(key, typed[key], form.valid_from.data), [OPTIONS[key].label])

    def _show_conflict(self, form: Any) -> None:
        since = form.valid_from.data
        by = self.view.changed_by(Setting(key=LETTERHEAD[0]))
        early = _version_sent(form) != str(version_of(*LETTERHEAD))
        why = OVERTAKEN.format(by) if early else OTHER_DAY.format(format_date(since))
        names = [name_of(key) for key in LETTERHEAD if key != EMBLEM]
        form.clash = EditConflict(why, differences(form, letterhead_form(values(since)), [*names, "builtin"]))
        seen = f"{version_of(*LETTERHEAD)}{SEPARATOR}{since}"
        form.version.data, form.version.raw_data = seen, [seen]


def _version_sent(form: Any) -> str:
    return str(form.version.data if form.version.raw_data else "").partition(SEPARATOR)[0]


def _was_seen(form: Any) -> bool:
    """Whether the form displayed the values that it replaces: today's at first, those of its day after a conflict."""
    since, today_values = form.valid_from.data, values()
    replaced = values(since)
    same = all(today_values[key] == replaced[key] for key in LETTERHEAD)
    displayed_day = str(form.version.data).partition(SEPARATOR)[2]
    return _version_sent(form) == str(version_of(*LETTERHEAD)) and (same or displayed_day == str(since))


def letterhead_form(settings: Settings, sent: Any = None) -> Any:
    """The form of the letterhead, with these values or the submitted ones."""
    fields: dict[str, object] = {}
    for key in LETTERHEAD:
        inputs = fields_of(key)
        fields[name_of(key)] = inputs["value"]
        fields |= {name: field for name, field in inputs.items() if name != "value"}
    fields["valid_from"] = DateField(
        "Berlaku sejak", [Required(), plausible_year], description="Dokumen sebelum tanggal ini memakai kop lama."
    )
    for key in LETTERHEAD:
        if key not in (EMBLEM, *CODES):  # codes refuse unusual characters instead, since they are copied by hand
            fields[f"filter_{name_of(key)}"] = _cleaned(several=OPTIONS[key].several)
    form_class = type("LetterheadForm", (BaseForm,), {**fields, "version": HiddenField()})
    stored = {name_of(key): settings[key] for key in LETTERHEAD}
    built_in = settings[EMBLEM] == wording.BUILT_IN
    return form_class(sent, **stored, builtin=built_in, valid_from=today(), version=version_of(*LETTERHEAD))


def _cleaned(*, several: bool) -> Any:
    return lambda form, value: (clean_text if several else clean_line)(value)


def typed_settings(form: Any) -> Settings:
    """The settings with the typed values; without a chosen emblem the current one."""
    now = values()
    typed = {key: form[name_of(key)].data for key in LETTERHEAD}
    return {**now, **typed, EMBLEM: typed[EMBLEM] or now[EMBLEM]}


def new_picture(form: Any) -> bytes:
    """The uploaded emblem, b"" if there is none."""
    field = form[name_of(EMBLEM)]
    return field.bytes_made if isinstance(field, EmblemField) else b""
