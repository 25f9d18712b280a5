"""Error handlers and error pages in Indonesian, with a fallback page that needs no template."""

import errno
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, Conflict, Forbidden, HTTPException, NotFound, SecurityError

from admin.door.flaskadmin import PageView
from admin.door.gate import expose
from admin.lists.saved_views import unset_failing_view
from admin.server import logs
from admin.server.logs import reference
from admin.server.rate_limits import is_known
from models.case.access_notes import SecretNotLogged
from models.complaint.complaint import withheld_secrets, withholds
from models.complaint.lookup import MOST, WITHIN, TooOften
from models.office.identity import IncompleteIdentity
from models.store import statement_counters
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from models.store.seal import GONE, KeyGone
from models.workflow.write import ConcurrentUpdate
from papers.printing.failure import PrintError
from sop.clock import HoursUnknown

PAGE = """<!DOCTYPE html>
<html lang="id">
<head><meta charset="utf-8"><title>{heading} – Panel Pengaduan</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{heading}</h1><p>{sentence}</p>{way}<p>Kode {code}</p></main></body>
</html>
"""
WAY = '<p><a href="/">Ke Beranda</a></p>'


def plain_page(code: int, words: tuple[str, str], *, way: bool = True) -> str:
    """A complete page that loads no other file."""
    heading, sentence = (escape(text) for text in words)
    return PAGE.format(code=code, heading=heading, sentence=sentence, way=WAY if way else "")


PAGES = {
    400: (
        "Permintaan tidak dapat dibaca",
        "Alamat atau isian yang dikirim tidak lengkap. Kembali, lalu coba sekali lagi.",
    ),
    403: (
        "Halaman ini bukan untuk peran Anda",
        "Hubungi pengelola sistem bila Anda memerlukannya untuk tugas Anda.",
    ),
    404: (
        "Halaman tidak ditemukan",
        "Alamatnya keliru, atau isinya tidak terbuka bagi Anda.",
    ),
    405: (
        "Langkah ini tidak dapat dibuka begitu saja",
        "Mulai dari tombolnya pada daftar atau halaman pengaduan.",
    ),
    409: (
        "Belum ada yang berubah",
        "Keadaannya sudah berbeda sejak halaman dibuka. Buka kembali, periksa isinya, lalu ulangi bila tetap perlu.",
    ),
    413: (
        "Kiriman terlalu besar",
        "Tidak ada yang tersimpan. Tekan Kembali pada peramban, lalu perkecil berkasnya atau kirim satu per satu.",
    ),
    414: (
        "Alamat terlalu panjang",
        "Perpendek kata pencarian atau kurangi saringannya, atau mulai lagi dari menu.",
    ),
    415: ("Bentuk kiriman tidak dikenal", "Tidak ada yang tersimpan. Kirim dari formulir pada halaman panel."),
    429: (
        "Terlalu banyak permintaan sekaligus",
        "Permintaan sebelumnya masih dikerjakan. Tunggu sebentar, lalu coba lagi.",
    ),
    431: ("Permintaan terlalu panjang", "Hapus kuki situs ini pada peramban, lalu masuk lagi."),
    500: (
        "Panel mengalami gangguan",
        "Yang baru Anda kirim belum tentu tersimpan: periksa dahulu sebelum mengulang.",
    ),
    503: (
        "Panel sedang sibuk",
        "Kiriman Anda belum tersimpan. Tunggu sebentar, tekan Kembali pada peramban, lalu coba lagi.",
    ),
}
EXPIRED = (
    "Halaman ini sudah terlalu lama terbuka",
    "Demi keamanan, kirimannya tidak diterima. Tekan Kembali pada peramban untuk melihat lagi yang sudah Anda ketik, "
    "salin bila perlu, lalu muat ulang halaman itu dan kirim sekali lagi.",
)
NO_HOURS = (
    "Batas waktu tidak dapat dihitung",
    "Jam kerja dinas untuk hari-hari mendatang belum diisi, jadi tidak ada yang tersimpan. Hubungi pengelola sistem.",
)
TOO_OFTEN = (
    "Terlalu banyak nomor dicari",
    f"Dalam {int(WITHIN.total_seconds()) // 60} menit paling banyak {MOST} nomor telepon atau NIK dapat dicari. "
    "Tunggu sebentar, lalu coba lagi; pencarian dengan kata tetap dapat dipakai.",
)
UNKNOWN_HOST = (
    "Panel tidak dibuka lewat alamat ini",
    "Pakai alamat yang diberikan pengelola sistem. Bila alamat ini memang baru, mintalah agar didaftarkan.",
)
OUTAGES = {
    Outage.BUSY: PAGES[503],
    Outage.AWAY: (
        "Basis data tidak dapat dihubungi",
        "Bila Anda baru mengirim isian, periksa dahulu apakah sudah tersimpan sebelum mengulang. Panel pulih dengan "
        "sendirinya begitu basis data kembali; bila lama, hubungi pengelola sistem.",
    ),
    Outage.FULL: (
        "Tempat penyimpanan penuh",
        "Kiriman Anda belum tersimpan; yang sudah tersimpan tetap dapat dibaca. Hubungi pengelola sistem, lalu tekan "
        "Kembali pada peramban dan kirim lagi.",
    ),
    Outage.DAMAGED: ("Basis data rusak", "Jangan mencatat apa pun lagi di panel, dan segera hubungi pengelola sistem."),
}
SAVED = (
    "Tersimpan, tetapi halaman hasilnya tidak dapat ditampilkan",
    "Sedikitnya sebagian kiriman Anda sudah tersimpan. Periksa dahulu pada daftar atau riwayat sebelum mengulang.",
)
REFERENCE = "Sebutkan nomor rujukan {} bila menghubungi pengelola sistem."
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # errors that mean no space to write
WITHOUT_FRAME = (500, 503)  # the page's frame queries the database, which may be what failed
# exactly these: subclasses have the library's English text
OWN_WORDS = (BadRequest, Forbidden, NotFound, Conflict)
PASSED_HEADERS = ("Allow", "Retry-After")


@dataclass(frozen=True)
class Failure:
    """What an error page says; `again` is the address to retry, "" where a retry would send something."""

    code: int
    heading: str
    sentence: str
    at: datetime
    again: str


class ErrorFrame(PageView):
    """A view for the frame around an error page: in no menu, without an address."""

    @expose("/")
    def index(self) -> Any:
        """Never routed; Flask-Admin requires every view to have one."""


def install(app: Flask) -> None:
    """Register the error handlers."""
    app.before_request(lambda: setattr(g, "changes", statement_counters.changes()))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ConcurrentUpdate, lambda fault: _error_answer(409, words=_unless_saved(PAGES[409])))
    app.register_error_handler(KeyGone, lambda fault: _error_answer(410, words=("Isinya sudah dihapus", GONE)))
    app.register_error_handler(HoursUnknown, lambda fault: _error_answer(409, words=_unless_saved(NO_HOURS)))
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(PrintError, _unprinted)
    app.register_error_handler(IncompleteIdentity, lambda fault: _error_answer(409, words=(fault.heading, str(fault))))
    app.register_error_handler(OSError, _disk_full)
    app.register_error_handler(SecretNotLogged, _without_secrets)
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, _database)
    app.log_exception = _logged  # type: ignore[method-assign]
    app.after_request(_without_body)
    app.context_processor(lambda: {"withholds": withholds()})


def _without_body(answer: Response) -> Response:
    """Redirects get no body: the library's is English, and browsers do not show it."""
    if 300 < answer.status_code < 400 and "Location" in answer.headers:
        answer.set_data(b"")
    return answer


def words_for(code: int) -> tuple[str, str]:
    """Heading and sentence for a status code."""
    return PAGES.get(code) or PAGES[400 if code < 500 else 500]


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if outage := outage_of(getattr(error, "original_exception", None)):
        return _error_answer(503, words=_unless_saved(OUTAGES[outage]), wait=True)
    if code == 500 and (bare_list := unset_failing_view()):
        return redirect(bare_list, 303)
    if isinstance(error, SecurityError):  # the host is not trusted, so the page must not link
        return make_response(plain_page(code, UNKNOWN_HOST, way=False), code)
    is_described = type(error) in OWN_WORDS and error.description != type(error).description  # by our own code
    sentence = str(error.description) if is_described else ""
    answer = _error_answer(code, words=EXPIRED if _is_expired(error) else None, sentence=sentence)
    answer.headers.extend((name, value) for name, value in error.get_headers() if name in PASSED_HEADERS)
    return answer


def _is_expired(error: HTTPException) -> bool:
    """Whether the session has ended: the CSRF token is invalid, or the body exceeds the limit for requests that are not
    signed in."""
    return isinstance(error, CSRFError) or (error.code == 413 and not is_known())


def _database(fault: Exception) -> Any:
    """503 for an outage; any other database error is a bug and is raised again."""
    outage = outage_of(fault)
    if outage is None:
        raise fault
    return _out_of_service(fault, outage)


def _disk_full(fault: OSError) -> Any:
    """503 for a full disk; any other OSError is a bug and is raised again."""
    if fault.errno not in NO_ROOM:
        raise fault
    return _out_of_service(fault, Outage.FULL)


def _unless_saved(words: tuple[str, str]) -> tuple[str, str]:
    """The words for a failed request, or SAVED if it changed something before it failed."""
    return SAVED if statement_counters.changes() != g.get("changes", statement_counters.changes()) else words


def _without_secrets(fault: SecretNotLogged) -> Any:
    """Handle a GET again without the secret cases, which the page says; anything else is out of service."""
    cause = fault.__cause__ if isinstance(fault.__cause__, Exception) else fault
    if request.method not in ("GET", "HEAD") or withholds():
        return _out_of_service(cause, Outage.FULL)
    with withheld_secrets():
        try:
            return make_response(current_app.dispatch_request())
        except Exception as again:
            return current_app.handle_user_exception(again)


def _too_often(fault: TooOften) -> Any:
    """429 for a user who looks up too many numbers."""
    answer = _error_answer(429, words=TOO_OFTEN)
    answer.headers["Retry-After"] = str(int(WITHIN.total_seconds()))
    return answer


def _unprinted(fault: PrintError) -> Any:
    """409 that names the paper, the reason, and when printing is tried again."""
    heading = f"{fault.of or 'Dokumen ini'} gagal dicetak"
    return _error_answer(409, words=(heading, f"{fault} {fault.again}".strip()))


def _out_of_service(fault: Exception, outage: Outage) -> Any:
    words = _unless_saved(OUTAGES[outage])
    answer = _error_answer(503, words=words, wait=True)  # before reference() is set: an outage page shows no number
    logs.log_failure(reference(), fault)
    arguments = (reference(), outage.value, type(fault).__name__)
    current_app.logger.error("reference %s: out of service, %s: %s", *arguments, exc_info=fault)
    return answer


def _logged(exc_info: Any) -> None:
    """Replaces Flask's log_exception: the same line, with the reference number that the page shows."""
    logs.log_failure(reference(), exc_info[1])
    arguments = (reference(), request.path, request.method)
    current_app.logger.error("reference %s: exception on %s [%s]", *arguments, exc_info=exc_info)


def _error_answer(code: int, *, words: tuple[str, str] | None = None, sentence: str = "", wait: bool = False) -> Any:
    title, more = words or words_for(code)
    if "reference" in g:
        more = f"{more} {REFERENCE.format(g.reference)}"
    retry_address = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else ""
    failure = Failure(code, title, sentence or more, now(), retry_address)
    answer = make_response(_answer_body(failure), code)
    if wait:
        answer.headers["Retry-After"] = "5"
    return answer


def _answer_body(failure: Failure) -> Any:
    """The page, or JSON for one of our scripts."""
    if wants_json():
        return {"code": failure.code, "heading": failure.heading, "sentence": failure.sentence}
    try:
        return _error_page(failure)
    except Exception:
        if failure.code not in WITHOUT_FRAME:
            raise  # the frame failed: a bug of its own
        current_app.logger.exception("the error page itself cannot be drawn")
        return plain_page(failure.code, (failure.heading, failure.sentence))


def wants_json() -> bool:
    """Whether one of our scripts asks: it accepts JSON instead of a page."""
    kinds = request.accept_mimetypes
    return kinds["application/json"] > kinds["text/html"]


def _error_page(failure: Failure) -> str:
    panels = current_app.extensions.get("admin")
    bare = failure.code in WITHOUT_FRAME or database.is_closed()
    if bare:
        g.setdefault("demo", False)  # set before, or not worth a query
    if not panels or bare or not current_user.is_authenticated:
        return render_template("admin/server/error.html", failure=failure)
    frame = ErrorFrame(name=failure.heading)
    frame.admin = panels[0]
    return frame.render("admin/server/error.html", failure=failure)
