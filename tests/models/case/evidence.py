"""Complaints with evidence that was given at the counter."""

from models.office.lists import Category, Medium
from models.store.uploads import Piece, outside
from models.workflow import intake
from tests.office import COMMON, Office

ELSEWHERE = outside("Rekaman CCTV", "Lemari arsip, rak 2")


def photo(words: str = "foto", name: str = "foto.jpg") -> Piece:
    """A file that has been sanitised already."""
    return Piece(name, "image/jpeg", words.encode())


def received(office: Office, *pieces: Piece, category: str = COMMON, **pengadu: str) -> int:
    """A registered complaint with this evidence."""
    data = {
        "medium": Medium.get(code="loket").id,
        "category": Category.get(code=category).id,
        "story": "Bantuan tidak diterima.",
    }
    outcome = intake.receive(
        by=office["petugas"],
        data=data,
        persons={"pengadu": {"name": "Siti", **pengadu}},
        at=office.tick(),
        pieces=pieces,
    )
    assert not outcome.refused, outcome.refused
    return outcome.done[0]
