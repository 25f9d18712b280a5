"""/lambang/<name>.jpg: the emblem of a letterhead, for the papers that are drawn on the screen."""

from flask import Response, abort

from admin.door.aside import Aside
from admin.door.cost import READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.routes import expose
from models.office import wording
from models.store.pictures import JPEG


class EmblemView(Aside):
    """Not in the menu; whoever may sign in sees it on letterheads anyway."""

    noun, cost = "beranda", READS

    @expose("/")
    def index(self) -> Response:
        abort(404)

    @expose("/<code:code>.jpg")
    def picture(self, code: str) -> Response:
        data = wording.data_of_short(code)
        if data is None:
            abort(404)
        return Response(data, mimetype=JPEG)


def views() -> list[FlaskAdminPage]:
    return [EmblemView(name="Lambang", endpoint="lambang", url="/lambang")]
