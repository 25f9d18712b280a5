"""/lambang/<name>.jpg: the emblem of a letterhead, for the papers that are drawn on the screen."""

from flask import Response, abort
from flask_admin import BaseView, expose

from admin.aside import Aside
from models import emblem
from models.evidence.kinds import JPEG


class EmblemView(Aside):
    """Not in the menu; whoever may sign in sees it on letterheads anyway."""

    noun = "beranda"

    @expose("/")
    def index(self) -> Response:
        abort(404)

    @expose("/<code:code>.jpg")
    def picture(self, code: str) -> Response:
        data = emblem.named(code)
        if data is None:
            abort(404)
        return Response(data, mimetype=JPEG)


def views() -> list[BaseView]:
    return [EmblemView(name="Lambang", endpoint="lambang", url="/lambang")]
