"""How often a master is used stands in its list, and tells nobody of a rahasia case."""

import pytest

from models.complaint import usage
from models.complaint.complaint import Complaint
from models.office.lists import Category, Kelurahan, Medium


@pytest.mark.parametrize(
    ("noun", "field", "model"),
    [("kategori", "category", Category), ("media", "medium", Medium), ("kelurahan", "kelurahan", Kelurahan)],
)
def test_a_list_says_by_how_many_cases_a_row_is_used_but_for_rahasia_ones(at, office, monkeypatch, noun, field, model):
    row = Complaint.get_by_id(office.receive()[0]).category if model is Category else model.select().first()
    Complaint.update(secrecy="biasa", **{field: row}).where(Complaint.id.in_(office.receive(3))).execute()
    count = Complaint.select().where(getattr(Complaint, field) == row, Complaint.secrecy != "rahasia").count()
    address = f"/{noun}/?page_size=100"
    assert f"{count} pengaduan" in at("admin").text(address)
    Complaint.update(secrecy="rahasia", **{field: row}).where(Complaint.id.in_(office.receive(2))).execute()
    assert usage.count_uses(getattr(Complaint, field), [row.id]) == {row.id: count}
    monkeypatch.setattr(usage, "MOST", 1)
    assert usage.count_uses(getattr(Complaint, field), [row.id]) == {row.id: 2}  # no more are looked at
