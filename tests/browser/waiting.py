"""Complaints brought to where a test of the browser needs them, by the one writer; inside `its_database()`."""

from datetime import timedelta
from typing import Any

from models.office.lists import Category, Medium
from models.office.people import User
from models.store.base import now
from models.tables.complaint import Complaint
from models.writer import intake, workflow

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
