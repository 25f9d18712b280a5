"""Every form of the panel is sent while one statement fails: nothing is half saved, and sent again it is saved."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from admin.office.account import ALL, WHICH
from models.complaint.accesslog import ReadCase, Reading, Seen
from models.sign_in.session import Session
from models.sign_in.sign_in_attempts import FailedTries, KnownPlace, UntoldFailures
from models.store.base import now
from tests.admin.hostile.typed import Filled, Page, filled, free, opened, send
from tests.admin.matrix.grid import Grid
from tests.models.drills.stops import SavedDatabase, counted, every_written, lying, stopped

pytestmark = pytest.mark.soak
BY_THE_WAY = {m._meta.table_name for m in (Session, Seen, Reading, ReadCase, FailedTries, KnownPlace, UntoldFailures)}
SAMPLES = {
    "text": "Contoh",
    "textarea": "Contoh",
    "number": "3",
    "time": "09:00",
    "email": "a@example.org",
    "date": "2031-01-02",
}
AT_LEAST = 25  # forms of which something is saved


def changes(one: Filled) -> Iterator[dict[str, str]]:
    """What may be typed there, the most first: something for every empty blank and another word, the word, nothing."""
    form = one.form
    empty = {name for name in free(form) if not form.sent.get(name)}
    samples = {name: SAMPLES[form.kinds[name]] for name in empty if form.kinds[name] in SAMPLES}
    written = [name for name in free(form) if form.kinds[name] in ("text", "textarea") and name not in empty]
    for name in reversed(written):
        yield {**samples, name: f"{form.sent[name]} x"}
        yield {name: f"{form.sent[name]} x"}
    yield from (samples, {})


def rows() -> dict[str, int]:
    return counted(BY_THE_WAY)


def pages_more(grid: Grid) -> Iterator[tuple[Filled, dict[str, str]]]:
    """Forms without a blank to write in, and what is pressed there; the user stays signed in to the last."""
    petugas = grid.office["petugas"].id
    for path, pressed in (
        ("/pengaturan/kop/", {"address": "Jalan Contoh 1"}),
        ("/jam-kerja/ramadan/", {"valid_from": "2031-01-02", "valid_to": "2031-01-20"}),
        (f"/pengguna/tautan/?id={petugas}", {"akhiri": "y"}),
    ):
        page = Page(path, "S")
        yield Filled(page, opened(grid, page)), pressed
    page = Page(f"/pengguna/tautan/?id={grid.office['kadis'].id}", "S")
    yield Filled(replace(page, path=page.path.replace("tautan", "sesi")), opened(grid, page)), {WHICH: ALL}


def test_no_form_of_the_panel_is_half_saved(grid: Grid) -> None:
    saving = list[str]()
    with time_machine.travel(now(), tick=False):
        pressed = [(one, iter([typed])) for one, typed in pages_more(grid)]
        for one, ways in [*((one, changes(one)) for one in filled(grid)), *pressed]:
            acts = (sending(grid, one, typed) for typed in ways)
            if act := next((act for act in acts if saves(grid, act)), None):
                count = stopped(grid.office.path, act, every_written, left_out=BY_THE_WAY, says=rows)
                saving.append(str(one.page))
                print(f"{one.page}: {count} stops", flush=True)
    assert len(saving) >= AT_LEAST, saving
    assert sum("/pengguna/" in path for path in saving) >= 3


def sending(grid: Grid, one: Filled, typed: dict[str, str]) -> Callable[[], Any]:
    return lambda: send(grid, one.page, one.form, typed)


def saves(grid: Grid, act: Callable[[], Any]) -> bool:
    """Whether anything is written by it; taken back at once."""
    stores, before = SavedDatabase(grid.office.path), lying(BY_THE_WAY)
    act()
    different = lying(BY_THE_WAY) != before
    stores.bring_back()
    stores.forget()
    return different
