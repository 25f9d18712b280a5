"""Masters changed in one process are true at the next request of every other one, while all of them are under load.

What a process caches of the masters (docs/adr/0097) is renewed by triggers. Here two panels (`python app.py start`)
serve one database and are asked for lists all the time; a third one, in the test's process, makes the changes.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from models import schema
from models.office.calendar import Holiday
from models.office.people import Acting, Mandate, today
from models.store.base import database, now
from models.workflow import masters
from tests.admin.doors import Visitor, panel_on, signed_in, words
from tests.admin.forms import save, scan
from tests.admin.running.process import Browser, Running, answered, running
from tests.clock import real_time
from tests.models.behind import without_trigger
from tests.office import Office, copied, dropped, opened, outside, owner_url_of, url_of

PROCESSES, DAY = 2, timedelta(days=1)
LISTS = ("/pengaduan/", "/", "/disposisi/", "/nota-dinas/", "/riwayat/")
WORKED = re.compile(r"– sekarang \((?:([\d.]+) hari ?)?(?:([\d.]+) jam)?")  # days where all are equally long
NAME = re.compile(r"<small>(Dinas [^<]*)</small>")


class Load(threading.Thread):
    """Somebody who asks for lists all the time; which codes he was answered with."""

    def __init__(self, browser: Browser) -> None:
        super().__init__()
        self.browser, self.over, self.codes = browser, threading.Event(), Counter[int]()

    def run(self) -> None:
        for path in cycle(LISTS):
            if self.over.is_set():
                return
            self.codes[answered(self.browser.sent(path))[0]] += 1


class Reader:
    """A process that is to show what another one has changed: the browsers of those who look, and of the load."""

    def __init__(self, panel: Running, case: int) -> None:
        self.port, self.case = panel.port, f"/pengaduan/details/?id={case}"
        self.people = {name: Browser(self.port, name) for name in ("petugas", "staf.rehsos", "bidang.ppa", "pengawas")}
        self.load = [Load(self.people[name]) for name in ("petugas", "bidang.ppa")]
        self.hours = self.worked()

    def page(self, username: str, path: str) -> str:
        code, page = answered(self.people[username].sent(path))
        assert code == 200, (username, path, code)
        return page

    def worked(self) -> int:
        """How long the case was with the unit, in days of 24 hours and hours: a day off is none of them."""
        [(days, hours), *_] = WORKED.findall(words(self.page("petugas", self.case)))
        return 24 * int(days.replace(".", "") or 0) + int(hours.replace(".", "") or 0)


class Drill:
    """The office's administrator, who changes masters through the panel of this process, and the readers."""

    def __init__(self, path: Path, admin: Visitor, readers: list[Reader]) -> None:
        self.path, self.admin, self.readers = path, admin, readers
        self.office = Office.at_work(path)
        days = (today() - number * DAY for number in range(60, 360))
        given = {holiday.day for holiday in Holiday.select()}
        self.workdays = (day for day in days if day.weekday() < 5 and day not in given)

    def save(self, page: str, **fields: Any) -> None:
        answer = save(self.admin, page, **fields)
        assert answer.status_code == 303, words(answer.text)

    def perform(self, change: "Change") -> None:
        """Make the change and take it back: each time every reader has cached what was before."""
        self.shows(change, change.undone)
        change.make(self)
        self.shows(change, change.made)
        change.undo(self)
        self.shows(change, change.undone)

    def shows(self, change: "Change", what: object) -> None:
        """At the next request of every reader."""
        with ThreadPoolExecutor(len(self.readers)) as at_once:
            seen = list(at_once.map(change.seen, self.readers))
        assert seen == [what] * len(self.readers), change.name


@dataclass(frozen=True)
class Change:
    """A change of masters and the change back, and what a reader's page then shows."""

    name: str
    make: Callable[[Drill], None]
    undo: Callable[[Drill], None]
    seen: Callable[[Reader], object]
    made: object
    undone: object


def switch_off(drill: Drill) -> None:
    drill.save(f"/pengguna/edit/?id={drill.office['staf.rehsos'].id}", active=None, anyway="y")


def switch_on(drill: Drill) -> None:
    drill.save(f"/pengguna/edit/?id={drill.office['staf.rehsos'].id}", active="y")
    for reader in drill.readers:
        reader.people["staf.rehsos"] = Browser(reader.port, "staf.rehsos")


def end_mandate(drill: Drill) -> None:
    drill.save(f"/surat-tugas/edit/?id={Mandate.get().id}", valid_to=str(today() - DAY))


def extend_mandate(drill: Drill) -> None:
    drill.save(f"/surat-tugas/edit/?id={Mandate.get().id}", valid_to="")


def rename(name: str) -> Callable[[Drill], None]:
    return lambda drill: drill.save("/pengaturan/new/?key=panel.office", value=name)


def add_holiday(drill: Drill) -> None:
    drill.save("/hari-libur/new/", day=str(next(drill.workdays)), name="Contoh")


def cancel_holiday(drill: Drill) -> None:
    [row] = Holiday.select().where((Holiday.name == "Contoh") & Holiday.active)
    drill.save(f"/hari-libur/edit/?id={row.id}", active=None)


def begin_acting(drill: Drill) -> None:
    drill.save(
        "/plt/new/",
        kind="Plt.",
        user=drill.office["bidang.ppa"].id,
        decree="800/12/2026",
        decree_date=str(today() - DAY),
        valid_from=str(today() - DAY),
        scan=(BytesIO(scan()), "surat perintah.png"),
    )


def end_acting(drill: Drill) -> None:
    """Through the panel a decree ends at midnight, which no test waits for: as if it had ended before it began."""
    row = Acting.get(Acting.valid_to.is_null())
    row.valid_to = row.valid_from - DAY
    with database.atomic():
        row.save()


def office_name(reader: Reader) -> list[str]:
    return NAME.findall(reader.page("petugas", "/pengaduan/"))


def code_of(username: str, path: str) -> Callable[[Reader], int]:
    return lambda reader: answered(reader.people[username].sent(path or reader.case))[0]


OWN, OTHER = str(masters.city_settings(masters.MALANG)["panel.office"]), "Dinas Contoh"
ACCOUNT = Change("account", switch_off, switch_on, code_of("staf.rehsos", "/pengaduan/"), 302, 200)
MANDATE = Change("mandate", end_mandate, extend_mandate, code_of("pengawas", ""), 404, 200)
SETTING = Change("setting", rename(OTHER), rename(OWN), office_name, [OTHER], [OWN])
HOLIDAY = Change("holiday", add_holiday, cancel_holiday, lambda reader: reader.worked() < reader.hours, True, False)
ACTING = Change("acting", begin_acting, end_acting, code_of("bidang.ppa", "/meja/dispose/"), 200, 403)
KINDS = ((MANDATE, ACCOUNT), (SETTING,), (HOLIDAY,), (ACTING,))
CACHED = {change.name: change for change in (SETTING, MANDATE, HOLIDAY, ACTING)}  # named as their tables


def long_case(office: Office) -> int:
    """One that was with a unit for most of a year, and then paused: its working time does not grow any more."""
    begun = (now() - 366 * DAY).replace(hour=3, minute=0)
    [case] = office.receive(at=begun)
    office.bring([case], "handle", at=begun)
    office.do([case], "hold", at=now() - 40 * DAY)
    office.receive(20, at=now() - 30 * DAY)
    return case


@pytest.fixture(scope="module")
def drill(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """Two panels with all their threads, asked for lists from here to the end of these tests."""
    with real_time(), ExitStack() as until_the_end:
        path = copied(template, tmp_path_factory.mktemp("renewed"))
        with opened(path):
            case = long_case(Office.at_work(path))
        app, ours = panel_on(path), database.obj
        until_the_end.callback(dropped, path)
        until_the_end.callback(ours.close_all)
        starts = [running(path, name=f"panel{n}") for n in range(PROCESSES)]
        with ThreadPoolExecutor(PROCESSES) as at_once:
            panels = list(at_once.map(until_the_end.enter_context, starts))
            readers = list(at_once.map(Reader, panels, [case] * PROCESSES))
        load = [one for reader in readers for one in reader.load]
        drill = Drill(path, signed_in(app, "admin"), readers)
        for one in load:
            one.start()
        try:
            yield drill
        finally:
            for one in load:
                one.over.set()
            for one in load:
                one.join()


def perform_all(drill: Drill, each: int) -> None:
    """So many changes of each kind, half of them changes back, the kinds by turns."""
    for number in range(each // 2):
        for kind in KINDS:
            drill.perform(kind[number % len(kind)])
    load = [one for reader in drill.readers for one in reader.load]
    codes = sum((one.codes for one in load), Counter[int]())
    print(f"{each * len(KINDS)} changes, seen by {len(drill.readers)} processes that answered {dict(codes)} meanwhile")
    assert (set(codes), all(one.is_alive() for one in load)) == ({200}, True)


def test_a_few_changes_of_each_kind_are_true_at_the_next_request_of_other_processes(drill: Drill) -> None:
    perform_all(drill, 2)


@pytest.mark.soak
def test_a_thousand_changes_are_true_at_the_next_request_of_other_processes(drill: Drill) -> None:
    perform_all(drill, 250)


@pytest.mark.nightly(table=["mandate", "holiday", "acting"])
@pytest.mark.parametrize("table", CACHED)
def test_the_drill_notices_a_lost_trigger_and_the_next_start_heals_what_is_outdated(drill: Drill, table: str) -> None:
    change = CACHED[table]
    with outside(drill.path) as raw:
        for sql in without_trigger(drill.path, table):
            raw.execute(sql)
    with pytest.raises(AssertionError, match=change.name):
        drill.perform(change)
    schema.prepare(url_of(drill.path), owner_url=owner_url_of(drill.path))
    drill.shows(change, change.made)
    change.undo(drill)
    drill.shows(change, change.undone)
