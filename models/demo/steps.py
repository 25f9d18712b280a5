"""The words in which the demo's acts are planned, and what each means: which transition, by whom, with which blanks."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from models.demo import blanks as typed
from models.demo.blanks import FillIn, fixed_as, remark, with_a_note
from models.demo.people import CHIEF, CLERK, HEADS, SECRET_CLERK, STAFF
from models.demo.plan import Plan
from models.demo.texts import WORDS
from models.records.base import Blanks

Step = tuple[str, str, Blanks]  # transition, user name, blanks


def clerk(plan: Plan) -> str:
    return SECRET_CLERK if plan.secret else CLERK


def head(plan: Plan) -> str:
    return HEADS[plan.unit]


def handler(plan: Plan) -> str:
    """Staff where there is some and it may read the case, and every third case the head himself."""
    return head(plan) if plan.secret or plan.text["no"] % 3 == 0 else STAFF.get(plan.unit, head(plan))


def chief(plan: Plan) -> str:
    return CHIEF


def wrong_head(plan: Plan) -> str:
    return HEADS[typed.WRONG_UNIT]


def emergency_head(plan: Plan) -> str:
    return HEADS[str(plan.text["emergency_unit"])]


def step(word: str, plan: Plan, at: datetime, rng: Random) -> Step:
    """What a word of the plan means for this complaint at that moment."""
    key, who, blanks = STEPS[word]
    return key, who(plan), blanks(plan, at, rng)


UNTOLD = "Hasil penanganan belum dapat disampaikan langsung dan tersimpan pada nomor register ini."
ADDED = "Pengadu menyusulkan fotokopi kartu keluarga dan bukti pendukung."
STEPS: dict[str, tuple[str, Callable[[Plan], str], FillIn]] = {
    "raise": ("raise", clerk, fixed_as()),
    "raise again": ("raise", clerk, fixed_as(note="Berkas telah dilengkapi.")),
    "dispose": ("dispose", chief, fixed_as()),
    "dispose with a note": ("dispose", chief, typed.disposition_note),
    "dispose wrongly": ("dispose", chief, typed.wrong_unit),
    "refuse": ("refuse", wrong_head, remark("refuse", "Bukan tugas", "Pembaruan data DTSEN pada bidang lain.")),
    "return_file": ("return_file", chief, remark("return_file", "Berkas belum", "Lampirkan fotokopi kartu keluarga.")),
    "handle": ("handle", handler, typed.assessment),
    "handle again": ("handle", handler, typed.improved_assessment),
    "handle anew": ("handle", handler, typed.renewed_assessment),
    "submit": ("submit", head, fixed_as()),
    "approve": ("approve", chief, fixed_as()),
    "approve with a note": ("approve", chief, with_a_note("approve_notes", outcome="catatan")),
    "send_back": ("send_back", chief, remark("send_back", "Perlu kunjungan", WORDS["send_back_notes"][0])),
    "hold": ("hold", handler, remark("hold", "Menunggu kelengkapan", WORDS["hold_notes"][1])),
    "hold for an answer": ("hold", handler, remark("hold", "Menunggu jawaban", WORDS["hold_notes"][0])),
    "resume": ("resume", handler, fixed_as(note="Jawaban yang ditunggu telah diterima.")),
    "assist": ("assist", emergency_head, typed.assistance),
    "assign": ("assign", head, typed.staff),
    "supplement": ("supplement", clerk, fixed_as(source="Pengadu", statement=ADDED)),
    "attempt": ("attempt", clerk, typed.missed_attempt),
    "attempt reached": ("attempt", clerk, typed.reaching_attempt),
    "deliver": ("deliver", clerk, typed.delivery),
    "deliver objected": ("deliver", clerk, typed.objected),
    "deliver accepted": ("deliver", clerk, typed.accepted),
    "deliver unreached": ("deliver", clerk, fixed_as(medium="telepon", outcome="tidak_dihubungi", told=UNTOLD)),
    "reopen": ("reopen", clerk, remark("reopen", "Pengadu keberatan", "Keberatan tercatat pada Berita Acara.")),
    "withdraw": ("withdraw", clerk, remark("withdraw", "Persoalan sudah selesai")),
    "void": ("void", clerk, remark("void", "Pesan percobaan")),
    "forward": ("forward", chief, typed.institution),
    "duplicate": ("duplicate", clerk, typed.original),
    "tie": ("tie", clerk, typed.tie),
    "correct": ("correct", clerk, typed.phone),
}
