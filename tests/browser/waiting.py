"""Complaints brought to where a test of the browser needs them, by the one writer; inside `its_database()`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from models.complaint.complaint import Complaint
from models.office.lists import Category, Medium, Reason
from models.office.people import User
from models.store.base import now
from models.workflow import intake, workflow
from tests.browser.served import Served
from tests.browser.window import Desk

Sit = Callable[..., Desk]

ASSESSED = {
    "facts": "Data penerima diperiksa.",
    "action": "Nama diusulkan kembali.",
    "conclusion": "terbukti",
    "conclusion_text": "Nama terhapus.",
    "answer": "Usulan Saudara sudah kami kirim.",
}
LINE = (
    ("raise", "petugas", {}),
    ("dispose", "kadis", {}),
    ("handle", "bidang.rehsos", ASSESSED),
    ("submit", "bidang.rehsos", {}),
    ("approve", "kadis", {}),
)
TITLE = "Bantuan terhenti"


def bring(state: str, count: int, **more: Any) -> list[int]:
    """So many new complaints of one kind that wait in this state, with what else they are; their ids."""
    people, ids = {u.username: u for u in User.select()}, list[int]()
    for n in range(count):
        data = {
            "medium": Medium.get(code="loket").id,
            "category": Category.get(code="bansos_tidak_terima").id,
            "title": f"{TITLE} {n + 1}",
            "story": f"Warga ke-{n + 1} tidak lagi dibantu.",
            **more,
        }
        ids += intake.receive(
            by=people["petugas"],
            data=data,
            persons={"pengadu": {"name": f"Warga {n + 1}"}},
            opened_at=now() - timedelta(minutes=3),
        ).done
    for key, username, blanks in LINE:
        if Complaint.get_by_id(ids[0]).state != state:
            assert workflow.advance(ids, key, by=people[username], blanks=blanks).done == ids
    return ids


def only(panel: Served, state: str, count: int) -> list[int]:
    """So many new complaints in a state, and none besides: what was there is put on hold."""
    people = {u.username: u for u in User.select()}
    lying = [case.id for case in Complaint.select().where(Complaint.state == state)]
    assert not workflow.advance(lying, "hold", by=people["kadis"], blanks={"reason": first_reason("hold")}).refused
    return bring(state, count)


def first_reason(key: str) -> str:
    return Reason.select().where(Reason.transition == key).order_by(Reason.id).first().text


def states(panel: Served, ids: list[int]) -> list[str]:
    with panel.its_database():
        return [c.state for c in Complaint.select().where(Complaint.id.in_(ids)).order_by(Complaint.id)]
