"""Keys that the table no longer has: each is gone indeed, leads to what there is, and keeps its own act."""

from dataclasses import replace

import pytest

from sop import check, flow
from sop.procedure import DETOURS, FINALS, FORMER, Former
from sop.table import Table

GONE = replace(DETOURS[0], key="gone")
STATE = next(iter(FINALS))


@pytest.mark.parametrize("act", [None, GONE], ids=["renamed", "removed"])
@pytest.mark.parametrize("now", [flow.FIRST, flow.HELD, STATE])
def test_a_key_that_is_gone_may_lead_to_any_state(act, now) -> None:
    assert not list(check.former_faults(Table(former=(Former(key="gone", now=now, act=act),))))


@pytest.mark.parametrize(
    ("former", "sentence"),
    [
        (Former(key=flow.FIRST, now=STATE), f"FORMER “{flow.FIRST}”, kolom key: “{flow.FIRST}” masih ada dalam tabel"),
        (Former(key=STATE, now=flow.FIRST), f"FORMER “{STATE}”, kolom key: “{STATE}” masih ada dalam tabel"),
        (Former(key="gone", now="nowhere"), "FORMER “gone”, kolom now: “nowhere” tidak dikenal. Yang ada: "),
        (Former(key="gone", now=flow.RECEIVE.key), f"FORMER “gone”, kolom now: “{flow.RECEIVE.key}” tidak dikenal."),
        (Former(key="other", now=STATE, act=GONE), "FORMER “other”, kolom act: “gone” bukan langkah yang didaftarkan."),
    ],
)
def test_an_entry_that_says_what_cannot_be_stops_the_start(former: Former, sentence: str) -> None:
    [found] = check.former_faults(Table(former=(former,)))
    assert found.startswith(f"Tabel SOP, {sentence}")


def test_no_key_is_listed_twice() -> None:
    twice = Table(former=(Former(key="gone", now=STATE), Former(key="gone", now=flow.FIRST)))
    assert len(list(check.former_faults(twice))) == 1


def test_what_records_may_name_is_the_table_and_what_was_in_it() -> None:
    acts = {former.key for former in FORMER if former.act or former.now in flow.TRANSITIONS}
    assert set(flow.KNOWN) == {*flow.TRANSITIONS, *acts}
    assert all(key in flow.keys_of(act) for key, act in flow.KNOWN.items())
