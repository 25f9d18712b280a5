"""Where something waits in every state: each sees what waits for him at the start and in the menu, counted."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, is_unsigned
from models.complaint.scope import viewer, visible
from models.office.people import Mandate
from models.office.settings import BACKUP
from models.reading import queue
from models.store.base import now
from models.workflow import workflow
from sop.flow import current_procedure
from sop.procedure import LANES
from sop.vocabulary import PAUSED, vocabulary
from tests.office import PEOPLE, SECRET, Office, worked


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two complaints in every state of the main line and on hold, one of each secret."""

    def work(office: Office) -> None:
        for state, category in product((*current_procedure().awaited, PAUSED), ("bansos_tidak_terima", SECRET)):
            office.bring(office.receive(category=category), state)

    return worked(template, tmp_path_factory.mktemp("begun"), work)


@pytest.fixture
def busy(panel, office):
    return office


@pytest.mark.parametrize("username", PEOPLE)
def test_what_waits_is_what_the_person_may_do_now(busy, username):
    """The SQL of the queues holds what the rules say case by case (independence apart: it is of the act)."""
    who = viewer(busy[username])
    counted = {one.step.key: one.count for one in queue.own_queues(who, now()).waiting}
    steps = queue.own_steps(who)
    assert bool(steps) == (busy[username].role in LANES)
    for step in steps:
        ids = [c.id for c in Complaint.select().where(Complaint.state == step.key)]
        cases, refused = workflow.check_cases(ids, step.key, by=busy[username])
        assert counted[step.key] == len(set(cases) - set(refused)), step.key


@pytest.mark.parametrize("lane", LANES)
def test_behind_each_figure_of_a_lane_stands_a_list_as_long(at, busy, lane):
    """Whatever lanes the table has: as much as waits for somebody he finds, and each of it opens."""
    username = next(name for name, (_, role, *_) in PEOPLE.items() if role == lane)
    visitor, waiting = at(username), queue.own_queues(viewer(busy[username]), now()).waiting
    assert any(one.count for one in waiting)
    for one in waiting:
        ids = re.findall(r'name="rowid" value="(\d+)"', visitor.get(f"/pengaduan/?flt0_0={one.step.key}").text)
        assert len(ids) == one.count, one.step.key
        assert {visitor.get(f"/pengaduan/details/?id={number}").status_code for number in ids} <= {200}


@pytest.mark.parametrize("username", ["petugas", "bidang.rehsos"])
def test_each_queue_stands_with_its_number_and_leads_to_its_list(at, busy, username):
    page = at(username).get("/").text
    waiting = queue.own_queues(viewer(busy[username]), now()).waiting
    assert any(one.count for one in waiting)
    for one in waiting:
        assert f'<span class="figure">{one.count}</span>' in page
        assert f'={one.step.key}"' in page
        together = one.count - (
            one.special if current_procedure().is_choice(one.step) else 0
        )  # the others are decided on one by one
        numbers = re.findall(rf"href=\"([^\"]+)\">{re.escape(one.step.label)} \((\d+)\)<", page)
        if together and one.step.bulk and not one.step.contact:  # else the button opens the first alone
            assert [(address.count("id="), number) for address, number in numbers] == [(together, str(together))]
        else:
            assert numbers == []


@pytest.mark.parametrize("username", ["petugas", "bidang.rehsos"])
def test_what_comes_first_stands_with_its_act_one_tap_away(at, busy, username):
    page, first = at(username).get("/").text, queue.first(viewer(busy[username]), now(), 5)
    assert len(first) > 1
    for case in first:
        assert f'href="/pengaduan/langkah/{case.state}/?id={case.id}"' in page
    assert len(re.findall(r'class="btn primary"', page)) == 1


def test_secret_and_returned_cases_are_not_approved_in_one_stroke(busy):
    who, step = viewer(busy["kadis"]), vocabulary().transitions["approve"]
    plain, secret = queue.first(who, now(), 50), []
    ids = queue.together(who, step, now(), 200)
    secret = [c.id for c in plain if c.state == "approve" and c.secrecy == "rahasia"]
    assert len(ids) == 1
    assert secret
    assert not set(ids) & set(secret)
    busy.do(ids, "send_back")
    busy.bring(ids, "approve")
    assert queue.together(who, step, now(), 200) == []


def test_the_pengawas_sees_totals_only_under_a_surat_tugas(at, busy):
    visitor = at("pengawas")
    assert "Menunggu disposisi 2" in visitor.text("/")
    assert 'href="/riwayat/"' in visitor.get("/").text
    Mandate.update(valid_to=date(2020, 12, 31)).execute()
    text = visitor.text("/")
    assert "Belum ada Surat Tugas" in text
    assert "Menunggu disposisi" not in text


def test_the_admin_sees_what_is_still_missing_and_sees_no_case(at, busy):
    visitor = at("admin")
    page = visitor.get("/").text
    assert "Wajib diisi" in page
    assert f"/pengaturan/new/?key={BACKUP}" in page
    assert not [c.number for c in Complaint.select() if c.number in page]


@pytest.mark.parametrize("username", PEOPLE)
def test_the_entries_of_the_menu_carry_what_waits_for_the_person(at, busy, username, monkeypatch):
    page = at(username).page("/sop/")
    entries = dict(re.findall(r'<a href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?[^<]+ <span class="count">(\d+)<', page))
    own = queue.own_queues(viewer(busy[username]), now())
    waiting = sum(one.count - one.apart for one in own.waiting) + own.pause_over
    records = {"/disposisi/", "/asesmen/", "/nota-dinas/", "/berita-acara/", "/usulan-disposisi/"}
    counts = dict.fromkeys(("/", "/pengaduan/"), waiting)  # the lists of records do not count them again
    if username.startswith("petugas"):  # he brings them to the signer
        counts["/dokumen/"] = visible(busy[username], Paper).where(is_unsigned()).count()
    assert {path: count for path, count in entries.items() if path in {*counts, *records, "/dokumen/"}} == {
        path: str(count) for path, count in counts.items() if count
    }
    if any(counts.values()):
        monkeypatch.setattr(queue, "MOST_COUNTED", 1)
        assert '<span class="count">1+<' in at(username).get("/sop/").text
