"""The desk as a test handles it: what lies on it, which versions it showed, and sending its form."""

import re
from collections.abc import Iterable
from typing import Any

from models.office.lists import Reason
from tests.admin.doors import TOKEN, Visitor
from tests.office import Office

TICK = re.compile(r'name="case" value="(\d+):(\d+)"( data-alone)?( checked)?>')


def lying(page: str) -> dict[int, int]:
    """The cases of a page in their order, each with the version that it showed."""
    return {int(case): int(version) for case, version, *_ in TICK.findall(page)}


def ticked(page: str) -> set[int]:
    return {int(case) for case, _, _, checked in TICK.findall(page) if checked}


def alone(page: str) -> set[int]:
    """The cases that are never ticked with all the others."""
    return {int(case) for case, _, one, _ in TICK.findall(page) if one}


def send(visitor: Visitor, key: str, page: str, *cases: int, do: str = "perform", **typed: Any) -> Any:
    """Send the form of a page with these cases ticked and these blanks typed; the page that the browser then shows."""
    return visitor.landed(visitor.client.post(f"/meja/{key}/", data=_form(page, cases, do, typed)))


def ask(visitor: Visitor, key: str, page: str, *, do: str, **typed: Any) -> tuple[int, dict[str, Any]]:
    """The same as the desk's script sends it: the answer's status and what it says."""
    words = {"Accept": "application/json"}
    answer = visitor.client.post(f"/meja/{key}/", data=_form(page, (), do, typed), headers=words)
    if answer.status_code == 303:
        answer = visitor.client.get(answer.location, headers=words)
    return answer.status_code, answer.json


def _form(page: str, cases: Iterable[int], do: str, typed: dict[str, Any]) -> dict[str, Any]:
    shown = lying(page)
    data = {
        "csrf_token": TOKEN.findall(page)[0],
        "case": [f"{case}:{shown[case]}" for case in cases],
        "do": do,
        "shown": ",".join(f"{case}:0" for case in shown),
    }
    return {**data, **typed}


def laid(act: str, case: int, version: int, **blanks: Any) -> dict[str, Any]:
    """The blanks of an act lying open at a case, as the form sends them."""
    return {"open": f"{act}:{case}:{version}", **{f"{act}-{case}-{name}": value for name, value in blanks.items()}}


def on_desk(office: Office, key: str, n: int = 3, **data: Any) -> list[int]:
    """So many new complaints, brought to a queue."""
    ids = office.receive(n, **data)
    office.bring(ids, key)
    return ids


def reason(key: str) -> str:
    """The first of the office's reasons for a detour."""
    return Reason.select().where(Reason.transition == key).order_by(Reason.id).first().text
