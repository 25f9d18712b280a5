"""Invented complaints in a database, by the thousand: as the writer leaves them, as far as a search sees."""

from collections.abc import Sequence

from models.case.casetext import main_row
from models.complaint.complaint import BlindIndex, CaseKey, Complaint, Person
from models.complaint.lookup import marks_of
from models.complaint.search_text import add_texts
from models.office.lists import Category, Kelurahan, Medium
from models.store.base import Columns, database, insert_rows
from tests.made_texts.making import MadeText
from tests.office import MONDAY, Office


def stored(office: Office, texts: Sequence[MadeText]) -> dict[int, int]:
    """The complaints as rows; ids by their keys."""
    places = {place.name.lower(): place for place in Kelurahan.select()}
    shared = {
        "category": Category.get(code="belum_dipilah").id,
        "medium": Medium.get(code="loket").id,
        "registrar": office["petugas"].id,
        "received_at": MONDAY,
        "recorded_at": MONDAY,
        "state_since": MONDAY,
        "state": "raise",
        "law_class": "tidak_berkadar",
        "secrecy": "biasa",
    }
    usual = {f.name: f.default for f in Complaint._meta.sorted_fields if f.default is not None and f.name != "id"}
    empty = dict.fromkeys(("accused", "event_date", "loss", "evidence"), "")
    rows: list[Columns] = []
    for text in texts:
        place = places.get(text.kelurahan.lower())
        rows.append(
            {
                **usual,
                **shared,
                **empty,
                "public_id": f"made{text.key}",
                "number": f"400.9/{text.key + 1}/35.73/2026",
                "medium_ref": text.ticket[:80],
                "title": text.title[:200] or text.story[:100],
                "story": text.story,
                "asks": text.asks,
                "event_place": text.place,
                "kelurahan": place and place.id,
            }
        )
    with database.atomic():
        insert_rows(Complaint, rows)
        ids = dict(Complaint.select(Complaint.public_id, Complaint.id).tuples())
        by_key = {text.key: ids[f"made{text.key}"] for text in texts}
        insert_rows(CaseKey, [{"complaint": case, "wrapped": b"-"} for case in by_key.values()])
        blank = {f.name: f.default for f in Person._meta.sorted_fields if f.default is not None}
        people = ({"complaint": by_key[t.key], "kind": "pengadu", "name": t.pengadu} for t in texts)
        insert_rows(Person, [{**blank, **person} for person in people])
        names = {text.key: str(places.get(text.kelurahan.lower(), "")) for text in texts}
        pairs = zip(rows, texts, strict=True)
        add_texts([main_row(by_key[t.key], row, [t.pengadu], names[t.key]) for row, t in pairs])
        marks = [
            {"case": by_key[t.key], "person": "pengadu", **mark._asdict()}
            for t in texts
            for mark in marks_of({"phone": t.phone, "safe_contact": "", "nik": t.nik})
        ]
        insert_rows(BlindIndex, marks)
    return by_key
