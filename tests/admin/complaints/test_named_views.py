"""Tampilan saya: saved under a name for one user, encrypted; the last used comes back when the list opens bare."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from admin.lists.filters import Choice, Contains
from admin.lists.saved_views import FORMER_PLACES, GONE_FROM_VIEW
from models.complaint.complaint import Complaint
from models.office.preferences import MOST, NamedView, save_view
from models.store import master_cache
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
ASKED = "search=Siti+Maslikah&flt0_0=raise&sort=0&desc=1&page_size=50&kolom=state"


def act(visitor: Visitor, name: str, asked: str = "", **more: str) -> Any:
    return visitor.post(f"/pengaduan/action/?{asked}", action=f"{name}-tampilan", **more)


def columns(page: str) -> list[str]:
    return re.findall(r'<th scope="col" data-of=([^ >]+)', page)


def test_the_view_used_last_comes_back_with_all_that_it_asks(office: Office, at: At) -> None:
    [case] = office.receive(until="raise")
    office.bring(office.receive(), "dispose")
    visitor = at("petugas")
    saved = act(visitor, "simpan", ASKED, nama="  Yang  menunggu saya ")
    assert saved.status_code == 303
    bare = visitor.get("/pengaduan/")
    assert bare.status_code == 302
    page = visitor.get(bare.location).text
    assert "Tampilan saya: Yang menunggu saya" in words(page)
    assert columns(page) == ["number", "state"]
    assert 'aria-sort="descending"' in page
    assert Complaint.get_by_id(case).number in page
    assert len(re.findall(r'name="rowid"', page)) == 1
    assert all(part in bare.location for part in ("page_size=50", "flt0_0=raise", "Siti"))


def test_without_a_view_the_list_is_everybodys_again(office: Office, at: At) -> None:
    office.receive()
    visitor = at("petugas")
    act(visitor, "simpan", "flt0_0=dispose", nama="Menunggu disposisi")
    page = visitor.get("/pengaduan/?flt0_0=dispose").text
    assert re.search(r'class="chip" href="/pengaduan/\?polos=1">.*Status: Menunggu disposisi', page)
    assert visitor.get("/pengaduan/?polos=1").status_code == 200
    act(visitor, "lepas")
    assert visitor.get("/pengaduan/").status_code == 200
    view = NamedView.get()
    opened = act(visitor, "buka", tampilan=str(view.id))
    assert opened.location == "/pengaduan/?flt0_0=dispose"
    assert visitor.get("/pengaduan/").location == opened.location
    act(visitor, "hapus", tampilan=str(view.id))
    assert visitor.get("/pengaduan/").status_code == 200
    assert not NamedView.select().exists()


def test_a_view_belongs_to_one_user_and_is_stored_encrypted(office: Office, at: At) -> None:
    mine, other = at("petugas"), at("petugas2")
    act(mine, "simpan", ASKED, nama="Kasus Siti")
    view = NamedView.get()
    assert not any(word in bytes(column) for column in (view.name, view.asked) for word in (b"Siti", b"flt0"))
    assert "Kasus Siti" not in other.get("/pengaduan/").text
    assert other.get("/disposisi/").status_code == mine.get("/disposisi/").status_code == 200
    assert act(other, "buka", tampilan=str(view.id)).location == "/pengaduan/"
    act(other, "hapus", tampilan=str(view.id))
    assert NamedView.select().count() == 1


def test_a_name_is_saved_once_and_only_so_many(office: Office, at: At) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", "flt0_0=raise", nama="Satu")
    act(visitor, "simpan", "flt0_0=dispose", nama="SATU")
    assert NamedView.select().count() == 1
    for number in range(1, MOST):
        assert save_view(office["petugas"], "pengaduan", f"Nama {number}", "flt0_0=raise") == ""
    act(visitor, "simpan", "flt0_0=raise", nama="Terlalu banyak")
    assert NamedView.select().count() == MOST
    assert "Paling banyak 20 tampilan" in words(visitor.get("/pengaduan/?polos=1").text)


def test_nothing_is_saved_without_a_name_or_of_the_list_as_it_is(office: Office, at: At) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", "flt0_0=raise", nama=" ")
    act(visitor, "simpan", "", nama="Kosong")
    act(visitor, "simpan", "kolom=tidak-ada&flt99_99=x&page=3", nama="Bukan apa-apa")
    assert not NamedView.select().exists()


def test_lists_that_tell_of_no_case_keep_no_views(office: Office, at: At) -> None:
    admin = at("admin")
    answer = admin.post("/media/action/?search=surat", action="simpan-tampilan", nama="Surat")
    assert answer.status_code == 404
    assert "Tampilan saya" not in admin.get("/media/").text


def test_a_saved_view_that_fails_opens_the_bare_list_and_says_so(
    office: Office, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", ASKED, nama="Rusak")

    def broken(*_: Any) -> Any:
        raise AttributeError("a filter of an earlier version")

    with monkeypatch.context() as patch:
        patch.setattr(Choice, "apply", broken)
        master_cache.add_token(anew=True)  # the SQL of such a list may have been built before
        failing = visitor.get("/pengaduan/").location
        left = visitor.get(failing)
        assert (left.status_code, left.location) == (303, "/pengaduan/")
        page = visitor.get("/pengaduan/")
        assert page.status_code == 200
        assert "Tampilan “Rusak” tidak dapat dibuka" in words(page.text)
        assert (
            visitor.get("/pengaduan/?flt0_0=raise").status_code == 500
        )  # of a view that no user saved, it is a failure as ever
    assert NamedView.select().count() == 1


@pytest.fixture
def complaints_list(panel: Flask) -> Any:
    return next(view for view in views_of(panel) if view.endpoint == "pengaduan")


def test_a_saved_view_asks_the_same_after_a_filter_came_before_its_own(
    office: Office, at: At, complaints_list: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", "flt0_0=dispose&flt4_4=rahasia", nama="Menunggu disposisi")
    added = Contains(Complaint.title, "Judul")
    monkeypatch.setattr(type(complaints_list), "offered_filters", [added, *complaints_list.offered_filters])
    assert visitor.get("/pengaduan/").location == "/pengaduan/?flt1_1=dispose&flt5_5=rahasia"


def test_a_saved_view_leaves_out_a_filter_that_is_gone_and_says_so(
    office: Office, at: At, complaints_list: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", "flt0_0=dispose&flt4_4=rahasia", nama="Menunggu disposisi")
    monkeypatch.setattr(type(complaints_list), "offered_filters", complaints_list.offered_filters[1:])
    asked = visitor.get("/pengaduan/").location
    assert asked == "/pengaduan/?flt3_3=rahasia"
    assert GONE_FROM_VIEW in words(visitor.get(asked).text)
    monkeypatch.setattr(type(complaints_list), "offered_filters", complaints_list.offered_filters[4:])
    assert visitor.get("/pengaduan/").location == "/pengaduan/?polos=1"


def test_a_saved_view_keeps_its_order_when_the_columns_change_places(
    office: Office, at: At, complaints_list: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = at("petugas")
    act(visitor, "simpan", "sort=4&desc=1", nama="Terbaru")
    monkeypatch.setattr(complaints_list, "column_list", complaints_list.column_list[::-1])
    assert visitor.get("/pengaduan/").location == "/pengaduan/?sort=0&desc=1"


def test_a_view_saved_by_places_means_the_filters_that_stood_there(
    office: Office, at: At, complaints_list: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        save_view(office["petugas"], "pengaduan", "Lama", "search=Siti&flt0_0=dispose&flt4_4=rahasia&flt99_99=x") == ""
    )
    visitor = at("petugas")
    monkeypatch.setattr(type(complaints_list), "offered_filters", complaints_list.offered_filters[::-1])
    last = len(complaints_list.offered_filters) - 1
    assert visitor.get("/pengaduan/").location == (
        f"/pengaduan/?search=Siti&flt{last}_{last}=dispose&flt{last - 4}_{last - 4}=rahasia"
    )


def test_the_filters_of_every_list_have_names_of_their_own_that_stay(panel: Flask) -> None:
    lists = {view.endpoint: view for view in views_of(panel) if isinstance(view, PanelView)}
    names = {endpoint: [item.key for item in view.offered_filters] for endpoint, view in lists.items()}
    assert [endpoint for endpoint, keys in names.items() if len(keys) != len(set(keys))] == []
    assert [(endpoint, set(keys) - set(names[endpoint])) for endpoint, keys in FORMER_PLACES.items()] == [
        (endpoint, set()) for endpoint in FORMER_PLACES
    ]


@pytest.mark.parametrize("asked", ["flt4_4=rahasia", "flt0_4=rahasia"])
def test_an_address_goes_on_naming_a_filter_by_its_place(office: Office, at: At, asked: str) -> None:
    assert "Kerahasiaan: Rahasia" in at("petugas").text(f"/pengaduan/?{asked}")
