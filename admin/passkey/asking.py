"""What the script of a page is told to ask a passkey, and whether its answer shows that it is the person."""

from typing import Any

from flask import Blueprint, Flask, Response

from admin.door import held
from admin.door.cost import READS, costs
from admin.passkey.place import place_here
from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.sign_in import passkeys
from models.sign_in.passkeys import AskedPerson, Passkey, PasskeyOutcome, passkeys_of
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

ANSWER = "kunci_sandi"  # the field in which a browser's answer comes along
FACTOR = "Faktor kedua"
NO_QUESTION = "Halaman ini terlalu lama terbuka, atau tidak ada kunci sandi yang dapat dipakai di sini. Muat ulang."
NO_ROOM = "Tempat penyimpanan server penuh, sehingga kunci sandi tidak dapat ditanyakan. Beri tahu pengelola sistem."
WRONG = "Kunci sandi tidak cocok, atau jawabannya terlambat. Coba sekali lagi, atau ketik kode."
BEHIND = (
    "Kunci sandi {} ditolak: hitungannya mundur, tanda bahwa ia mungkin disalin. Ketik kode, lalu hapus kunci itu pada"
    " Akun saya dan beri tahu pengelola sistem."
)
DID_BEHIND = "ditolak dengan kunci sandi {}, yang hitungannya mundur"  # as the history says it, after the name

page = Blueprint("passkey", __name__)


def install(app: Flask) -> None:
    app.register_blueprint(page)


def usable_passkeys(user: User) -> list[Passkey]:
    """Those of somebody that open the panel under the name by which it was reached."""
    place = place_here()
    return passkeys_of(user, place.host) if place else []


def asked_here(user: User) -> AskedPerson | None:
    """Who is asked, as the ceremony wants it; None where nobody can be."""
    place, row = place_here(), held.askable()
    return AskedPerson(user, row.digest, place) if place and row and row.user_id == user.id else None


@page.route("/masuk/kunci", methods=("POST",), endpoint="ask")
@costs(READS)
def question() -> Any:
    """What the script of a page with a field for codes hands to the browser. It tells of passkeys only who has shown
    the password, in this session."""
    row = held.askable()
    return question_for(asked_here(row.user) if row else None)


def question_for(asked: AskedPerson | None) -> Any:
    """What this person's passkeys are asked here; a sentence where nobody can be."""
    if asked is None or not usable_passkeys(asked.user):
        return {"sentence": NO_QUESTION}, 403
    try:
        return Response(passkeys.options_to_show(asked), mimetype="application/json")
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        return {"sentence": NO_ROOM}, 503


def passkey_objection(user: User, answer: str, asked: AskedPerson | None = None) -> str:
    """Why the answer that came along does not show that it is the person, as he was `asked`, else in his session; "" if
    it does. A device that counts back is noted in the history."""
    asked = asked or asked_here(user)
    judged = passkeys.judge_answer(asked, answer) if asked else passkeys.WRONG
    if judged.outcome is PasskeyOutcome.RIGHT:
        return ""
    if judged.outcome is PasskeyOutcome.WRONG or judged.passkey is None:
        return WRONG
    name = judged.passkey.name
    note_edit(user, [FACTOR], by=viewer(user), what=DID_BEHIND.format(name))
    return BEHIND.format(name)
