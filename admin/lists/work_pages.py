"""/pekerjaan/: the long works of the user, how far each is, and the file that it made."""

from typing import Any

from flask import Response, abort, flash, redirect, request

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, expose
from admin.door.rows import safe_target
from admin.lists.export import download_headers
from admin.lists.works import HOURS, link_of, mark_seen, own_works
from models.office.long_work import LongWork
from models.store.seal import BrokenSeal

NOUN = "akun"
GONE = f"Pekerjaan ini tidak ada lagi, atau bukan milik Anda. Berkas yang sudah jadi tersedia selama {HOURS} jam."
NO_FILE = "Berkas ini tidak tersedia lagi. Buat sekali lagi."


class PekerjaanView(PageView):
    """Not in the menu: the line of works leads here, and what begins one."""

    noun, home, cost = NOUN, "pengaduan", READS

    @expose("/")
    def index(self) -> str:
        return str(self.render("admin/lists/works.html", works=own_works(), hours=HOURS))

    @expose("/keadaan/")
    def work_state(self) -> Any:
        """For the script of an open page: how far each work is."""
        return {"works": [self._state(work) for work in own_works()]}

    def _state(self, work: LongWork) -> dict[str, object]:
        return {
            "id": work.public_id,
            "words": work.words,
            "done": work.done,
            "total": work.total,
            "over": work.is_over,
            "failed": work.is_failed or work.is_interrupted,
            "file": bool(work.path),
            "link": link_of(work),
        }

    @expose("/<code:public_id>/")
    def work(self, public_id: str) -> str:
        work = self._own(public_id)
        return str(self.render("admin/lists/work.html", work=work))

    @expose("/<code:public_id>/berkas")
    def file(self, public_id: str) -> Any:
        """What the work made, for who started it."""
        work = self._own(public_id)
        try:
            data = work.opened()
        except (FileNotFoundError, BrokenSeal):
            flash(NO_FILE, "warning")
            return redirect(self.get_url(".work", public_id=public_id))
        mark_seen(work)
        return Response(data, mimetype=str(work.kind), headers=download_headers(str(work.file_name)))

    @expose("/<code:public_id>/tutup/", methods=("POST",))
    def close(self, public_id: str) -> Any:
        """Take the line about it away from the pages, and stay on the one where that was asked."""
        mark_seen(self._own(public_id))
        return redirect(safe_target(request.form.get("url"), "/") or self.get_url(".index"))

    def _own(self, public_id: str) -> LongWork:
        return next((work for work in own_works() if work.public_id == public_id), None) or abort(404, GONE)


def views() -> list[PageView]:
    return [PekerjaanView(name="Pekerjaan berjalan", endpoint="pekerjaan", url="/pekerjaan")]
