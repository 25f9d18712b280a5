"""/v/<code>: whether a paper is the office's, for whoever holds it; needs no sign-in."""

from typing import Any

from flask import Blueprint, Flask, make_response, redirect, render_template, request, url_for

from admin.door.gate import CHECKS_CODE, costs
from models.complaint.codes import code_groups, typed_code
from models.office.settings import letterhead, values
from models.reading.verification import verified_paper

FIELD, LONGEST = "kode", 120  # the field of a typed code, and characters of it that are shown again
PADDED = 16_384  # bytes: every answer has a multiple of it, so that its length says nothing
NO_CODE = "Kode verifikasi terdiri atas 26 huruf dan angka. Periksa kembali yang diketik."

page = Blueprint("verification", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


@page.route("/v/", endpoint="ask")
@costs(CHECKS_CODE)
def ask() -> Any:
    """The field for a code; what was typed leads to its own address."""
    typed = request.args.get(FIELD)
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
    return make_response(_padded(_page(known, paper=verified_paper(known), is_answered=True)))


def _page(typed: str = "", **about: Any) -> str:
    office = letterhead(values())
    shown = code_groups(code) if (code := typed_code(typed)) else typed[:LONGEST]
    facts = {"typed": shown, "field": FIELD, "office": " ".join(office["name"]), "phone": office["phone"], **about}
    return render_template("admin/papers/verification.html", **facts)


def _padded(text: str) -> str:
    """The page with a comment of spaces after it, up to a multiple of PADDED bytes."""
    missing = -(len(text.encode()) + len("<!---->")) % PADDED
    return f"{text}<!--{' ' * missing}-->"
