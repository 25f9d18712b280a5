"""Before the desk signs, the person shows once who he is; for a while no more is asked, and what was sent goes on."""

from datetime import timedelta
from typing import Any

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict

from admin.door import held
from admin.door.cost import may_do
from admin.door.joins import signed_in
from admin.factor.codepage import code_objection
from admin.passkey.asking import ANSWER
from admin.web.locked import EMPTY, PASSWORD, TYPED, proof_page
from admin.web.passwords import own_password_objection
from models.office.people import User
from models.office.settings import PROOF, values
from models.sign_in.factor import looks_like_code
from models.sign_in.passwords import has_second_factor
from models.store.bounded import Work
from sop import flow
from sop.procedure import Transition


class Unproven(Exception):
    """The person must show first who he is; why what he typed does not show it, "" if he has typed nothing yet."""


def install(app: Flask) -> None:
    app.register_error_handler(Unproven, _asked)


def _asked(unproven: Unproven) -> Any:
    return proof_page(signed_in(), str(unproven), lasts=_lasts(), with_code=has_second_factor(signed_in()))


def require_proof(act: Transition) -> None:
    """As `require_proof_to_sign`, where the act signs a paper."""
    if flow.signs(act):
        require_proof_to_sign()


def require_proof_to_sign() -> None:
    """Go on where the person has shown lately who he is, or does so now; else Unproven."""
    if not (lasts := _lasts()) or held.has_proven(timedelta(minutes=lasts)):
        return
    if PASSWORD not in request.form:
        raise Unproven("")
    if sentence := _objection(signed_in(), request.form[PASSWORD]):
        raise Unproven(sentence)
    held.note_proven()
    request.form = ImmutableMultiDict(item for item in request.form.items(multi=True) if item[0] not in TYPED)


def _lasts() -> int:
    """Minutes; 0 where the office wants nobody to be asked."""
    return int(values()[PROOF])


def _objection(person: User, typed: str) -> str:
    """Password or code, in one field, or a passkey beside it."""
    by_passkey = bool(request.form.get(ANSWER))
    if not typed and not by_passkey:
        return EMPTY
    by_code = by_passkey or (looks_like_code(typed) and has_second_factor(person))
    may_do(Work.HASH)
    objection = code_objection if by_code else own_password_objection
    return objection(person, typed)
