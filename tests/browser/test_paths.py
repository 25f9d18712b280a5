"""Each role's main tasks by the guide's own ways: in five presses of a thumb, by keyboard alone, without script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser

from models.complaint.event import Event
from models.office.people import User
from sop.documents import documented_rows
from sop.procedure import LANES, TRANSITIONS
from tests.browser import guide
from tests.browser.hands import Keys, Pointer
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

MOST, HANDS = 5, 3
LANE_PAGES = {"petugas": "petugas", "kepala_dinas": "kepala-dinas", "bidang": "bidang"}  # the page of a lane


@dataclass(frozen=True)
class Task:
    """A task of the guide: where it is written, who does it in how many presses, what history and page then say."""

    page: str
    heading: str
    who: str
    presses: int  # of a thumb, whatever is typed meanwhile
    acts: tuple[str, ...] = ()
    says: str = ""  # what is said after the act, if nothing else is named


TASKS = (
    Task("petugas", "Mencatat pengaduan", "petugas", 2, ("receive", "raise"), "Pengaduan tercatat"),
    Task("petugas", "Menaikkan", "petugas", 4, ("raise",)),
    Task("petugas", "Menghubungi pengadu", "petugas", 5, ("attempt",)),
    Task("petugas", "Menyampaikan hasil", "petugas", 4, ("deliver",)),
    Task("kepala-dinas", "Mendisposisikan", "kadis", 1, ("dispose",), "Pengaduan telah didisposisikan."),
    Task("kepala-dinas", "Menyetujui Nota Dinas", "kadis", 3, ("approve",), "1 pengaduan selesai diproses"),
    Task("bidang", "Menindaklanjuti", "bidang.rehsos", 4, ("handle",)),
    Task("bidang", "Menyimpan konsep", "staf.rehsos", 4, ("draft",), "Konsep disimpan."),
    Task("bidang", "Menaikkan Nota Dinas", "bidang.rehsos", 4, ("submit",)),
    Task("bidang", "Menyusun konsep Nota Dinas", "staf.rehsos", 4, ("draft",), "Konsep disimpan."),
    Task("pengawas", "Membaca berkas", "pengawas", 2, (), "Sampai di mana?"),
    Task("pengawas", "Memeriksa riwayat", "pengawas", 2, (), "Riwayat utuh – "),
    Task("pengelola", "Menambah pengguna", "admin", 4, ("edit", "edit"), "Tautan ini hanya tampil sekali."),
    Task("pengelola", "Mengubah pengaturan", "admin", 3, ("edit",), "Berhasil."),
)
Sit = Callable[..., Desk]


@pytest.fixture(scope="module", autouse=True)
def enough_waits(panel: Served) -> None:
    """For each hand a complaint in each queue from which the guide opens one."""
    with panel.its_database():
        for state in ("raise", "handle", "submit", "deliver"):
            bring(state, HANDS)


@pytest.fixture(scope="module")
def keys(panel: Served, chromium: Browser) -> dict[str, list[Any]]:
    """The cookies of everyone who has a task here; each signs in once."""
    found = {}
    for who in dict.fromkeys(task.who for task in TASKS):
        with chromium.new_context(locale="id-ID") as context:
            found[who] = Desk.opened(panel, context).sign_in(who).page.context.cookies()
    return found


@pytest.fixture
def sit(panel: Served, chromium: Browser, keys: dict[str, list[Any]]) -> Iterator[Sit]:
    """A person at the start page, on a screen of this size, with or without script."""
    opened: list[Desk] = []

    def down(who: str, size: dict[str, int], *, script: bool = True) -> Desk:
        context = chromium.new_context(
            viewport=size,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.add_cookies(keys[who])
        opened.append(Desk.opened(panel, context))
        opened[-1].open("/")
        return opened[-1]

    yield down
    for desk in opened:
        desk.page.context.close()
    assert not [fault for desk in opened for fault in desk.faults]


def written(desk: Desk, task: Task) -> list[str]:
    """What the history has of this person, in order."""
    with desk.panel.its_database():
        events = Event.select(Event.act).join(User).where(User.username == task.who).order_by(Event.id)
        return [act for (act,) in events.tuples()]


def perform(task: Task, pointer: Pointer, desk: Desk) -> None:
    """Go the way as it is written; it ends where it should, and what it is for has been done."""
    last = written(desk, task)
    pointer.go(guide.ways(task.page)[task.heading])
    assert pointer.pressed == task.presses <= MOST
    assert (task.says or said_after(task)) in desk.text(), desk.text()
    assert written(desk, task)[len(last) :] == list(task.acts)


def said_after(task: Task) -> str:
    what, verb = TRANSITIONS[task.acts[-1]].done
    return f"{what} telah {verb}. Pengaduan PGD/"


def named(task: Task) -> str:
    return f"{task.page}-{task.heading.lower().replace(' ', '_')}"


each = pytest.mark.parametrize("task", TASKS, ids=named)


@each
def test_the_way_in_the_guide_leads_there_in_five_presses_of_a_thumb(sit: Sit, task: Task) -> None:
    desk = sit(task.who, NARROW)
    perform(task, Pointer(desk.page), desk)


@pytest.mark.soak
@each
def test_by_keyboard_alone_it_is_the_same_way_and_the_focus_is_seen(sit: Sit, task: Task) -> None:
    desk = sit(task.who, WIDE)
    perform(task, Keys(desk.page), desk)


@pytest.mark.soak
@each
def test_without_script_it_is_the_same_way(sit: Sit, task: Task) -> None:
    desk = sit(task.who, WIDE, script=False)
    assert desk.page.locator("html.js").count() == 0
    perform(task, Pointer(desk.page), desk)


def test_every_way_of_the_guide_is_gone_and_every_step_of_the_sop_has_one() -> None:
    described = {(page.stem, heading) for page in guide.pages() for heading in guide.ways(page.stem)}
    assert described == {(task.page, task.heading) for task in TASKS}
    gone = {(task.page, act) for task in TASKS for act in task.acts}
    main = (step for row in documented_rows() for step in row.transitions)
    assert {(LANE_PAGES[step.actor], step.key) for step in main} <= gone
    assert set(LANE_PAGES) == set(LANES)
