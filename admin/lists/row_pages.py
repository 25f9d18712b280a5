"""The pages of one row: its details, the form of a new one, the form of one that is changed."""

from typing import Any

from flask import abort, flash, make_response, redirect
from flask_admin.form import FormOpts

from admin.door.flaskadmin import ViewPart
from admin.door.gate import expose


class DetailsPage(ViewPart):
    """Part of a view: the columns named for the page of a row."""

    @expose("/details/")
    def details_view(self) -> Any:
        return self.page(self.view.asked_row("details"))

    def page(self, row: Any) -> Any:
        view = self.view
        return view.render(
            view.details_template,
            model=row,
            details_columns=view.get_details_columns(),
            get_value=view.get_detail_value,
            return_url=view.return_url,
        )


class NewPage(ViewPart):
    """Part of a view: where a new row begins, at /new/; those below say how."""

    def link(self) -> tuple[str, str] | None:
        """Address and words of the button that leads there, where it is not the one of a form."""
        return None


class NewRow(NewPage):
    """The form of a new row."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return new_row_answer(self.view)


class EditPage(ViewPart):
    """Part of a view: the form of a row that is changed."""

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        view, row = self.view, self.view.asked_row("edit")
        title = view.row_name(row)  # before what was typed is filled in
        form = view.edit_form(obj=row)
        if view.validate_form(form) and view.update_model(form, row):
            flash("Perubahan telah disimpan.", "success")
            return redirect(view.get_save_return_url(row, is_created=False))
        return form_page(view, view.edit_template, form, model=row, title=title)


def new_row_answer(view: Any) -> Any:
    """The form of a new row, or what came of it."""
    if not view.opens("create"):
        abort(404)
    form = view.create_form()
    row = view.validate_form(form) and view.create_model(form)
    if row:
        flash(view.added_words(row), "success")
        return redirect(view.get_save_return_url(row, is_created=True))
    return form_page(view, view.create_template, form, **view.beside_form(form))


def form_page(view: Any, template: str, form: Any, **context: Any) -> Any:
    """A form as a page; 409 where what is stored has become another meanwhile."""
    clash = getattr(form, "clash", None)
    page = view.render(
        template,
        form=form,
        clash=clash,
        return_url=view.return_url,
        form_opts=FormOpts(widget_args=view.form_widget_args),
        **context,
    )
    return make_response(page, 409 if clash else 200)
