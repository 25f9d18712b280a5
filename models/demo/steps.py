"""The demo's acts by word: transition, actor, blanks; and acts that the table requires but plans do not have."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

from models.case.blanks import reasons, record_of
from models.demo.people import CHIEF, CLERK, HEADS, SECRET_CLERK, STAFF, sign_in_of
from models.demo.plan import Plan, PlannedAct
from models.demo.texts import REASONS, WORDS
from models.office.people import Division
from models.records.base import Blanks
from models.records.fields import kind_of
from sop.clock import Clock
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, PETUGAS, Transition
from sop.vocabulary import RECEIVE, vocabulary
from sop.words import format_date

FillIn = Callable[[Plan, datetime, Random], Blanks]  # makes the blanks of a planned act
MEDIA = {"upt_ppa": "tatap_muka", "loket": "tatap_muka", "email": "surel", "sambat": "kanal", "lapor": "kanal"}
PLACES = {"upt_ppa": "Ruang konseling UPT PPA", "loket": "Loket pengaduan dinas", "kelurahan": "Kantor kelurahan"}
WRONG_UNIT = "SEKRETARIAT"  # unit of a disposition that is refused
INSTITUTIONS = {"Jalan": "Dinas Pekerjaan Umum Kota Malang", "Seragam": "Dinas Pendidikan Kota Malang"}
CAREFUL = "kerahasiaan|Dampingi|psikolog"
OTHERS = "Kantor Pertanahan Kota Malang"


def assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """The unit's findings from the text."""
    findings = plan.text["findings"]
    desil = re.search(r"desil (\d+)", findings["facts"])
    went = re.search("[Kk]unjungan|[Pp]enjangkauan|lapangan", findings["method"])
    names = ("facts", "method", "analysis", "action", "conclusion", "conclusion_text", "answer")
    return {
        **{name: findings[name] for name in names},
        "advice": plan.text["advice"],
        "desil": desil[1] if desil else "",
        "visited": f"{format_date(at)}, {plan.text['place'][0].lower()}{plan.text['place'][1:]}" if went else "",
        "aid": next((aid for aid in ("PKH", "BPNT") if plan.text["title"].startswith(aid)), ""),
    }


def delivery(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """How the result was delivered, and the response; to an anonymous pengadu through the channel they used."""
    delivery_text = plan.text["delivery"]
    blanks = {
        "medium": MEDIA.get(delivery_text["medium"], delivery_text["medium"]),
        "place": PLACES.get(delivery_text["medium"], ""),
        "told": delivery_text["told"],
        "outcome": delivery_text["outcome"],
        "response": delivery_text["response"],
    }
    if not plan.data["anonymous"]:
        return blanks
    kept = plan.text["findings"]["conclusion_text"]
    return {**blanks, "medium": "kanal", "place": "", "told": kept, "outcome": "anonim", "response": ""}


def unreached(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """What is kept for a pengadu whom no attempt reached."""
    return {"medium": "telepon", "outcome": "tidak_dihubungi", "told": plan.text["findings"]["conclusion_text"]}


def objected(plan: Plan, at: datetime, rng: Random) -> Blanks:
    response = "Pengadu keberatan karena merasa keadaan keluarganya belum dilihat langsung oleh petugas."
    return {**delivery(plan, at, rng), "outcome": "keberatan", "response": response}


def accepted(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """The second delivery after an objection, which is accepted."""
    return {**delivery(plan, at, rng), "outcome": "diterima", "response": ""}


def reason(key: str, beginning: str) -> str:
    return next(text for text in REASONS[key] if text.startswith(beginning))


def fixed_as(**fixed: Any) -> FillIn:
    return lambda plan, at, rng: dict(fixed)


def remark(key: str, beginning: str, note: str = "") -> FillIn:
    return fixed_as(reason=reason(key, beginning), note=note)


def with_a_note(words: str, **fixed: Any) -> FillIn:
    return lambda plan, at, rng: {**fixed, "note": rng.choice(WORDS[words])}


def disposition_note(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """A random note of the Kepala Dinas; a suitable one for a rahasia case."""
    notes = [note for note in WORDS["dispose_notes"] if not plan.secret or re.search(CAREFUL, note)]
    return {"note": rng.choice(notes)}


def wrong_unit(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"unit": Division.get(Division.code == WRONG_UNIT).id}


def improved_assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    added = "Kunjungan lapangan telah diulang dan keterangan ketua RT setempat dilampirkan."
    return {"facts": f"{plan.text['findings']['facts']} {added}", "visited": f"{format_date(at)}, rumah pengadu"}


def renewed_assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """The findings in a new round."""
    return {**assessment(plan, at, rng), **improved_assessment(plan, at, rng)}


def staff(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"staff": [STAFF[plan.unit]], "note": "Mohon diperiksa hari ini."}


def assistance(plan: Plan, at: datetime, rng: Random) -> Blanks:
    safe = "Yang bersangkutan dalam keadaan aman; penanganan dilanjutkan."
    return {"acted_at": at, "action": plan.text["emergency_action"], "outcome": safe}


def missed_attempt(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"medium": "telepon", "tried_at": at, "outcome": "missed", "note": rng.choice(WORDS["attempt_notes"][:-1])}


def reaching_attempt(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"medium": "telepon", "tried_at": at, "outcome": "reached", "note": WORDS["attempt_notes"][-1]}


def institution(plan: Plan, at: datetime, rng: Random) -> Blanks:
    to = INSTITUTIONS.get(plan.text["title"].split()[0], OTHERS)
    return {"institution": to, "reason": reason("forward", "Kewenangan perangkat daerah lain")}


def original(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"original": plan.text["original"], "reason": reason("duplicate", "Disampaikan melalui")}


def tie(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"number": plan.text["original"], "word": "berkaitan", "note": "Kedua pengadu bertetangga."}


def phone(plan: Plan, at: datetime, rng: Random) -> Blanks:
    phone = f"0812-0000-{rng.randint(0, 9999):04}"
    return {"new_value": {"pengadu.phone": phone}, "reason": reason("correct", "Data kontak")}


Step = tuple[str, str, Blanks]  # transition, user name, blanks


def clerk(plan: Plan) -> str:
    return SECRET_CLERK if plan.secret else CLERK


def head(plan: Plan) -> str:
    return HEADS[plan.unit]


def handler(plan: Plan) -> str:
    """The unit's staff if it has any that may read the case; else, and for every third case, its head."""
    return head(plan) if plan.secret or plan.text["no"] % 3 == 0 else STAFF.get(plan.unit, head(plan))


def chief(plan: Plan) -> str:
    return CHIEF


def wrong_head(plan: Plan) -> str:
    return HEADS[WRONG_UNIT]


def emergency_head(plan: Plan) -> str:
    return HEADS[str(plan.text["emergency_unit"])]


def step(word: str, plan: Plan, at: datetime, rng: Random) -> Step:
    """The transition, user name and blanks for a word of the plan."""
    key, who, blanks = STEPS[word]
    return key, who(plan), blanks(plan, at, rng)


ADDED = "Pengadu menyusulkan fotokopi kartu keluarga dan bukti pendukung."
STEPS: dict[str, tuple[str, Callable[[Plan], str], FillIn]] = {
    "raise": ("raise", clerk, fixed_as()),
    "raise again": ("raise", clerk, fixed_as(note="Berkas telah dilengkapi.")),
    "dispose": ("dispose", chief, fixed_as()),
    "dispose with a note": ("dispose", chief, disposition_note),
    "dispose wrongly": ("dispose", chief, wrong_unit),
    "refuse": ("refuse", wrong_head, remark("refuse", "Bukan tugas", "Pembaruan data DTSEN pada bidang lain.")),
    "return_file": ("return_file", chief, remark("return_file", "Berkas belum", "Lampirkan fotokopi kartu keluarga.")),
    "handle": ("handle", handler, assessment),
    "handle again": ("handle", handler, improved_assessment),
    "handle anew": ("handle", handler, renewed_assessment),
    "submit": ("submit", head, fixed_as()),
    "approve": ("approve", chief, fixed_as()),
    "approve with a note": ("approve", chief, with_a_note("approve_notes", outcome="catatan")),
    "send_back": ("send_back", chief, remark("send_back", "Perlu kunjungan", WORDS["send_back_notes"][0])),
    "hold": ("hold", handler, remark("hold", "Menunggu kelengkapan", WORDS["hold_notes"][1])),
    "hold for an answer": ("hold", handler, remark("hold", "Menunggu jawaban", WORDS["hold_notes"][0])),
    "resume": ("resume", handler, fixed_as(note="Jawaban yang ditunggu telah diterima.")),
    "assist": ("assist", emergency_head, assistance),
    "assign": ("assign", head, staff),
    "supplement": ("supplement", clerk, fixed_as(source="Pengadu", statement=ADDED)),
    "attempt": ("attempt", clerk, missed_attempt),
    "attempt reached": ("attempt", clerk, reaching_attempt),
    "deliver": ("deliver", clerk, delivery),
    "deliver objected": ("deliver", clerk, objected),
    "deliver accepted": ("deliver", clerk, accepted),
    "deliver unreached": ("deliver", clerk, unreached),
    "reopen": ("reopen", clerk, remark("reopen", "Pengadu keberatan", "Keberatan tercatat pada Berita Acara.")),
    "withdraw": ("withdraw", clerk, remark("withdraw", "Persoalan sudah selesai")),
    "void": ("void", clerk, remark("void", "Pesan percobaan")),
    "forward": ("forward", chief, institution),
    "duplicate": ("duplicate", clerk, original),
    "tie": ("tie", clerk, tie),
    "correct": ("correct", clerk, phone),
}


WHO = {PETUGAS: clerk, KEPALA_DINAS: chief, BIDANG: head}


def is_unplanned(state: str) -> bool:
    """Whether the state awaits an act that no plan has."""
    return state in current_procedure().awaited and all(key != state for key, _, _ in STEPS.values())


def with_required_acts(plan: Plan, clock: Clock) -> list[PlannedAct]:
    """The acts of a plan with acts that the table requires in between. After the plan's last act nothing is added, even
    if the case awaits an act that no plan has."""
    acts: list[PlannedAct] = []
    state = back = RECEIVE
    for act in plan.acts:
        step = vocabulary().transitions.get(act.key)
        for missing in _required_before(step, state) if step else ():
            acts.append(_act(missing, plan, _halfway(acts[-1].at, act.at, clock)))
            state, back = current_procedure().target(missing, state=state), state
        if step and state in vocabulary().starts(step):
            then = current_procedure().target(step, state=state, back=back)
            state, back = then, state if then != state else back
        acts.append(act)
    return acts


def _required_before(step: Transition, state: str) -> Iterator[Transition]:
    """The unplanned acts that must be done before the step may begin."""
    while is_unplanned(state) and state not in vocabulary().starts(step):
        yield vocabulary().transitions[state]
        state = current_procedure().target(vocabulary().transitions[state], state=state)


def _act(step: Transition, plan: Plan, at: datetime) -> PlannedAct:
    """The act with its required blanks: invented values, and for a reason the office's first one."""
    model, lists = record_of(step), reasons()
    asked = [blank for blank in model.blanks() if model.required(blank, step.key, lists)] if model else []
    blanks = {blank.name: kind_of(blank).invented(blank, at) for blank in asked}
    if "reason" in blanks:
        blanks["reason"] = lists[step.key][0]
    who = WHO[step.actor](plan) if step.actor in WHO else sign_in_of(step.actor)
    return PlannedAct(at, step.key, who, blanks)


def _halfway(first: datetime, then: datetime, clock: Clock) -> datetime:
    """The middle of the working time between two moments."""
    half = clock.elapsed(first, then) / 2
    return clock.opening(clock.plus(first, half)) if half else first + (then - first) / 2
