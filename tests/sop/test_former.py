"""Keys that the table no longer has: each is gone indeed, leads to what there is, and keeps its own act."""

from dataclasses import replace

import pytest

from sop import check
from sop.flow import current_procedure
from sop.procedure import DETOURS, FINALS, FORMER, Former
from sop.table import Table
from sop.vocabulary import PAUSED, vocabulary

GONE = replace(DETOURS[0], key="gone")
STATE = next(iter(FINALS))


@pytest.mark.parametrize("act", [None, GONE], ids=["renamed", "removed"])
@pytest.mark.parametrize("now", [current_procedure().first, PAUSED, STATE])
def test_a_key_that_is_gone_may_lead_to_any_state(act, now) -> None:
    assert not list(check.former_faults(Table(former=(Former(key="gone", now=now, act=act),))))


@pytest.mark.parametrize(
    ("former", "sentence"),
    [
        (
            Former(key=current_procedure().first, now=STATE),
            f"FORMER “{current_procedure().first}”, kolom key: “{current_procedure().first}” masih ada dalam tabel",
        ),
        (
            Former(key=STATE, now=current_procedure().first),
            f"FORMER “{STATE}”, kolom key: “{STATE}” masih ada dalam tabel",
        ),
        (Former(key="gone", now="nowhere"), "FORMER “gone”, kolom now: “nowhere” tidak dikenal. Yang ada: "),
        (
            Former(key="gone", now=current_procedure().receive.key),
            f"FORMER “gone”, kolom now: “{current_procedure().receive.key}” tidak dikenal.",
        ),
        (Former(key="other", now=STATE, act=GONE), "FORMER “other”, kolom act: “gone” bukan langkah yang didaftarkan."),
    ],
)
def test_an_entry_that_says_what_cannot_be_stops_the_start(former: Former, sentence: str) -> None:
    [found] = check.former_faults(Table(former=(former,)))
    assert found.startswith(f"Tabel SOP, {sentence}")


def test_no_key_is_listed_twice() -> None:
    twice = Table(former=(Former(key="gone", now=STATE), Former(key="gone", now=current_procedure().first)))
    assert len(list(check.former_faults(twice))) == 1


def test_what_records_may_name_is_the_table_and_what_was_in_it() -> None:
    acts = {former.key for former in FORMER if former.act or former.now in vocabulary().transitions}
    assert set(vocabulary().acts) == {*vocabulary().transitions, *acts}
    assert all(key in vocabulary().keys_of(act) for key, act in vocabulary().acts.items())
