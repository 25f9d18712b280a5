"""/v/<code>: whether a paper is the office's, for whoever holds it; needs no sign-in."""

from typing import Any

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for

from admin.door.gate import CHECKS_CODE, CHECKS_FILE, admits_to, costs
from models.complaint.codes import code_groups, typed_code
from models.office.settings import ISSUERS, letterhead, values
from models.reading.verification import verified_paper, verified_print
from models.store.resource_limits import AllSlotsTaken
from models.store.upload_kinds import Refused, kind_of
from papers.signing.code_reading import code_on_picture
from papers.signing.reading import returned_paper

LONGEST, MOST_BYTES = 120, CHECKS_FILE.most  # characters of what was typed that are shown again; bytes of a file
PADDED = 16_384  # bytes: every answer has a multiple of it, so that its length says nothing
SOON = 5  # seconds
NO_CODE = "Kode verifikasi terdiri atas 26 huruf dan angka. Periksa kembali yang diketik."
CHOOSE = "Pilih dahulu foto atau berkas PDF-nya."
TOO_LARGE = f"Berkasnya lebih dari {MOST_BYTES // 1024**2} MB."
OTHER_KIND = "Isinya bukan PDF dan bukan foto (JPG, PNG, HEIC, WebP)."
CROWDED = "Berkas lain sedang diperiksa. Tunggu beberapa detik, lalu pilih berkasnya sekali lagi."

page = Blueprint("verification", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route("/v/", endpoint="ask")
@costs(CHECKS_CODE)
def ask() -> Any:
    """The field for a code; what was typed leads to its own address."""
    typed = request.args.get("kode")
    if typed is None:
        return _page()
    code = typed_code(typed)
    return redirect(url_for("verification.answer", code=code)) if code else (_page(typed, wrong=NO_CODE), 422)


@page.route("/v/<code:code>", endpoint="answer")
@costs(CHECKS_CODE)
def answer(code: str) -> Any:
    """What the panel knows of the paper with this code: the same statements and bytes for every code."""
    known = typed_code(code)
    if not known:
        return _page(code, wrong=NO_CODE), 422
    searches = admits_to(("dokumen",))  # asked before the paper is: as many statements for an unknown one
    return make_response(_padded(_page(known, paper=verified_paper(known), searches=searches, is_answered=True)))


@page.route("/v/berkas/", methods=("GET", "POST"), endpoint="file")
@costs(CHECKS_FILE)
def check_file() -> Any:
    """Whether a PDF is the paper as the panel printed it, and who signed it since; of a picture, what the code on it
    leads to. Neither is stored."""
    if request.method == "GET":
        return redirect(url_for("verification.ask"))
    try:
        return _answer_about(*_sent_file())
    except Refused as refused:
        return _page(wrong_file=str(refused)), 422
    except AllSlotsTaken:
        return _page(wrong_file=CROWDED), 429, {"Retry-After": str(SOON)}


def _sent_file() -> tuple[bytes, str]:
    """What was sent, and its kind; Refused with a sentence if there is nothing to check."""
    upload = request.files.get("berkas")
    data = upload.stream.read(MOST_BYTES + 1) if upload else b""
    if not data:
        raise Refused(CHOOSE)
    if len(data) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if not kind_of(data):
        raise Refused(OTHER_KIND)
    return data, kind_of(data)


def _answer_about(data: bytes, kind: str) -> Any:
    if kind != "PDF":
        return redirect(url_for("verification.answer", code=code_on_picture(data, kind)))
    returned = returned_paper(data, issuers=values()[ISSUERS])
    paper = verified_print(returned.printed) if returned else None
    return _page(paper=paper, returned=returned, is_file=True, is_answered=True)


def _page(typed: str = "", **about: Any) -> str:
    shown = code_groups(code) if (code := typed_code(typed)) else typed[:LONGEST]
    about |= {"typed": shown, "office": letterhead(values()), "most": MOST_BYTES}
    return render_template("admin/papers/verification.html", **about)


def _padded(text: str) -> str:
    """The page with a comment of spaces after it, up to a multiple of PADDED bytes."""
    missing = -(len(text.encode()) + len("<!---->")) % PADDED
    return f"{text}<!--{' ' * missing}-->"
