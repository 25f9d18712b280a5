"""Every refusal has its sentence, and of several the most useful one comes first."""

from dataclasses import replace

import pytest

from sop import rules
from sop.access import ADDRESSED, EMERGENCY, HANDLER, HEAD, MADE_LAST, ROLE_RELATIONS, SUBMITTER, UNIT, performers
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, LAST, MARKS, PETUGAS
from sop.vocabulary import PAUSED, vocabulary

NUMBER = "PGD/7/X/2026"
RECORDS = frozenset(need.record for t in vocabulary().transitions.values() for need in t.needs)
HEADS = frozenset({HEAD, HANDLER, SUBMITTER, UNIT})
FULL = rules.CaseFacts(
    procedure=current_procedure(),
    number=NUMBER,
    state="raise",
    relations=frozenset({ADDRESSED, EMERGENCY, MADE_LAST}) | ROLE_RELATIONS | HEADS,
    lanes=frozenset(LANES),
    back="receive",
    records_in_force=RECORDS,
    last="raise",
    marks=frozenset(MARKS),
)


def case(**changes):
    return replace(FULL, **changes)


def asked(key, **changes):
    return rules.refusal(vocabulary().transitions[key], case(**changes))


*MOST, LAST_LANE = LANES.values()
EVERYBODY = f"{', '.join(MOST)} dan {LAST_LANE}"
SENTENCES = [
    ("dispose", {"lanes": frozenset({PETUGAS}), "state": "dispose"}, "“Disposisikan” dilakukan oleh Kepala Dinas."),
    ("raise", {"lanes": frozenset()}, "“Naikkan ke Kepala Dinas” dilakukan oleh Petugas Penanganan Pengaduan."),
    (
        "supplement",
        {"lanes": frozenset({KEPALA_DINAS})},
        "“Tambah keterangan” dilakukan oleh Petugas Penanganan Pengaduan dan Bidang.",
    ),
    (
        "recall",
        {"lanes": frozenset()},
        f"“Tarik kembali” dilakukan oleh {EVERYBODY}.",
    ),
    (
        "raise",
        {"stale": "Agus Santoso (Petugas)"},
        f"Pengaduan {NUMBER} telah diubah oleh Agus Santoso (Petugas) sejak halaman ini dibuka; periksa isinya sekali "
        "lagi.",
    ),
    (
        "deliver",
        {"state": "deliver", "records_in_force": frozenset()},
        f"Pengaduan {NUMBER} belum dapat diproses: Hasil Asesmen dan telaah aduan dan Nota Dinas yang telah mendapat "
        "persetujuan Kepala Dinas belum ada.",
    ),
    (
        "deliver",
        {"state": "deliver", "records_in_force": frozenset({"assessment"})},
        f"Pengaduan {NUMBER} belum dapat diproses: Nota Dinas yang telah mendapat persetujuan Kepala Dinas belum ada.",
    ),
    (
        "deliver",
        {"state": "deliver", "records_in_force": frozenset({"approval"})},
        f"Pengaduan {NUMBER} belum dapat diproses: Hasil Asesmen dan telaah aduan belum ada.",
    ),
    (
        "handle",
        {"state": "handle", "records_in_force": frozenset()},
        f"Pengaduan {NUMBER} belum dapat diproses: Berkas disposisi penanganan pengaduan belum ada.",
    ),
    (
        "raise",
        {"state": "closed"},
        f"“Naikkan ke Kepala Dinas” tidak dapat dilakukan sekarang: pengaduan {NUMBER} berstatus Selesai.",
    ),
    (
        "alert",
        {"marks": frozenset()},
        f"“Sudah dihubungi” hanya untuk pengaduan darurat; {NUMBER} bukan.",
    ),
    (
        "hold",
        {"state": "resume", "back": "raise"},
        f"“Tunda” tidak dapat dilakukan sekarang: pengaduan {NUMBER} berstatus Menunggu kelengkapan.",
    ),
    (
        "handle",
        {"state": "handle", "relations": frozenset({UNIT})},
        f"Pengaduan {NUMBER} bukan giliran Anda: langkah ini dilakukan oleh pelaksana yang ditugaskan.",
    ),
    (
        "submit",
        {"state": "submit", "relations": frozenset({UNIT, HANDLER})},
        f"Pengaduan {NUMBER} bukan giliran Anda: langkah ini dilakukan oleh kepala unit kerja.",
    ),
    (
        "assist",
        {"relations": frozenset({UNIT})},
        f"Pengaduan {NUMBER} bukan giliran Anda: langkah ini dilakukan oleh unit darurat kategori ini.",
    ),
    (
        "hold",
        {"state": "dispose", "relations": frozenset({PETUGAS})},
        f"Pengaduan {NUMBER} bukan giliran Anda: langkah ini dilakukan oleh Kepala Dinas.",
    ),
    (
        "resume",
        {"state": "resume", "back": "handle", "relations": frozenset({PETUGAS})},
        f"Pengaduan {NUMBER} bukan giliran Anda: langkah ini dilakukan oleh pelaksana yang ditugaskan.",
    ),
    (
        "recall",
        {"state": "dispose", "last": "supplement"},
        f"Tidak ada langkah pada pengaduan {NUMBER} yang dapat ditarik kembali.",
    ),
    (
        "recall",
        {"state": "raise", "last": "receive"},
        f"Tidak ada langkah pada pengaduan {NUMBER} yang dapat ditarik kembali.",
    ),
    (
        "recall",
        {"state": "dispose", "relations": frozenset({PETUGAS})},
        f"Langkah terakhir pada pengaduan {NUMBER} bukan dilakukan oleh Anda.",
    ),
    (
        "recall",
        {"state": "dispose", "opened": "Sri Handayani"},
        f"Pengaduan {NUMBER} sudah dibuka pelaksana berikutnya (Sri Handayani); langkah tidak dapat ditarik kembali.",
    ),
    (
        "approve",
        {"state": "approve", "is_author": True},
        f"Anda menyusun atau menaikkan Nota Dinas pengaduan {NUMBER}; keputusannya pada pejabat lain.",
    ),
    (
        "approve",
        {"state": "approve", "own_unit": True},
        f"Pengaduan {NUMBER} ditangani unit kerja Anda sendiri; keputusannya pada pejabat lain.",
    ),
]


@pytest.mark.parametrize(("key", "changes", "sentence"), SENTENCES)
def test_a_refusal_says_why(key, changes, sentence):
    assert asked(key, **changes) == sentence


@pytest.mark.parametrize("key", vocabulary().transitions)
def test_who_has_every_relation_may_begin_a_transition_exactly_where_the_table_says(key):
    step = vocabulary().transitions[key]
    for state in (current_procedure().receive.key, *dict(vocabulary().states.items())):
        back = current_procedure().first if state == PAUSED else "receive"
        sentence = asked(key, state=state, back=back)
        assert (sentence == "") == (state in vocabulary().starts(step)), (state, sentence)


@pytest.mark.parametrize("key", [t.key for t in vocabulary().transitions.values() if t.actor != LAST])
def test_without_the_promised_standing_it_is_not_ones_turn(key):
    step = vocabulary().transitions[key]
    state = sorted(vocabulary().starts(step))[0]
    others = FULL.relations - performers(
        step, vocabulary().transitions.get(current_procedure().first if state == PAUSED else state)
    )
    assert "bukan giliran Anda" in asked(key, state=state, back=current_procedure().first, relations=others)


WORSE = [
    # each of these is wrong as well, and reported only after those before it
    {"lanes": frozenset()},
    {"stale": "orang lain"},
    {"records_in_force": frozenset()},
    {"state": "closed"},
    {"relations": frozenset()},
    {"is_author": True},
]
MARKS = [
    "dilakukan oleh Kepala",
    "telah diubah oleh",
    "belum ada",
    "tidak dapat dilakukan sekarang",
    "bukan giliran Anda",
    "pejabat lain",
]


@pytest.mark.parametrize("first", range(len(WORSE)))
def test_refusals_name_lane_stale_page_missing_papers_turn_relation_and_independence_in_this_order(first):
    changes = {"state": "approve"}
    for change in WORSE[first:]:
        changes |= change
    assert MARKS[first] in asked("approve", **changes)


def test_only_a_decision_asks_for_independence():
    independent = {t.key for t in vocabulary().transitions.values() if t.independent}
    assert "approve" in independent
    for step in current_procedure().main_line:
        sentence = asked(step.key, state=step.key, is_author=True, own_unit=True)
        assert bool(sentence) == step.independent


@pytest.mark.parametrize("lane", [PETUGAS, KEPALA_DINAS, BIDANG])
def test_a_lane_alone_gives_no_right(lane):
    for step in current_procedure().main_line:
        assert asked(step.key, state=step.key, lanes=frozenset({lane}), relations=frozenset())
