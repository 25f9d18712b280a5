"""What is typed at each act of the demo: the blanks of a transition, from the complaint's own text."""

import re
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from models.demo.people import STAFF
from models.demo.plan import Plan
from models.demo.texts import REASONS, WORDS
from models.office.people import Division
from models.records.base import Blanks
from sop.words import format_date

FillIn = Callable[[Plan, datetime, Random], Blanks]  # what people write on a planned act
MEDIA = {"upt_ppa": "tatap_muka", "loket": "tatap_muka", "email": "surel", "sambat": "kanal", "lapor": "kanal"}
PLACES = {"upt_ppa": "Ruang konseling UPT PPA", "loket": "Loket pengaduan dinas", "kelurahan": "Kantor kelurahan"}
WRONG_UNIT = "SEKRETARIAT"  # where a disposition goes that comes back
INSTITUTIONS = {"Jalan": "Dinas Pekerjaan Umum Kota Malang", "Seragam": "Dinas Pendidikan Kota Malang"}
CAREFUL = "kerahasiaan|Dampingi|psikolog"
OTHERS = "Kantor Pertanahan Kota Malang"


def assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """The unit's findings as the text has them."""
    findings = plan.text["findings"]
    desil = re.search(r"desil (\d+)", findings["facts"])
    went = re.search("[Kk]unjungan|[Pp]enjangkauan|lapangan", findings["method"])
    told = ("facts", "method", "analysis", "action", "conclusion", "conclusion_text", "answer")
    return {
        **{name: findings[name] for name in told},
        "advice": plan.text["advice"],
        "desil": desil[1] if desil else "",
        "visited": f"{format_date(at)}, {plan.text['place'][0].lower()}{plan.text['place'][1:]}" if went else "",
        "aid": next((aid for aid in ("PKH", "BPNT") if plan.text["title"].startswith(aid)), ""),
    }


def delivery(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """What was told and how it was taken; somebody anonymous is told through the channel that he used."""
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
    return {**blanks, "medium": "kanal", "place": "", "outcome": "anonim", "response": ""}


def objected(plan: Plan, at: datetime, rng: Random) -> Blanks:
    response = "Pengadu keberatan karena merasa keadaan keluarganya belum dilihat langsung oleh petugas."
    return {**delivery(plan, at, rng), "outcome": "keberatan", "response": response}


def accepted(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """What is told once more after an objection, and is taken."""
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
    """A word of the Kepala Dinas; on a rahasia case one that is fit for it."""
    notes = [note for note in WORDS["dispose_notes"] if not plan.secret or re.search(CAREFUL, note)]
    return {"note": rng.choice(notes)}


def wrong_unit(plan: Plan, at: datetime, rng: Random) -> Blanks:
    return {"unit": Division.get(Division.code == WRONG_UNIT).id}


def improved_assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    added = "Kunjungan lapangan telah diulang dan keterangan ketua RT setempat dilampirkan."
    return {"facts": f"{plan.text['findings']['facts']} {added}", "visited": f"{format_date(at)}, rumah pengadu"}


def renewed_assessment(plan: Plan, at: datetime, rng: Random) -> Blanks:
    """The findings of a round begun anew."""
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
