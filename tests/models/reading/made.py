"""Cases by chance: of every state, part and age, with runs and objections, as no writer would take the time to make."""

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

from models.complaint.complaint import ANSWERED, ELSEWHERE, UNDATED, Complaint, Run
from models.office.lists import Category, FileTerm, Institution, Kelurahan, Medium, Topic
from models.office.people import Division
from models.office.settings import LAW_CLASSES
from models.records.main_line import ENDS, BeritaAcara
from models.records.promises import KEPT, UNIT, Pledge
from models.store.base import database, insert_rows, now
from sop.access import SECRECY
from sop.flow import current_procedure
from sop.procedure import ROWS
from sop.vocabulary import OUTSIDE, vocabulary
from tests.office import Office

DAYS = 800  # over which they lie, up to tomorrow's week
HOW_ENDED = {**dict.fromkeys({OUTSIDE}, (ANSWERED, UNDATED)), "forwarded": tuple(ELSEWHERE)}
FEW = 4  # of each list, so that parts have more than one case each


def scatter(office: Office, count: int, seed: int) -> list[int]:
    """So many more cases, like one that the writer made; their ids."""
    chance = Random(seed)
    pattern = Complaint.get_by_id(office.receive()[0])
    with database.atomic():
        insert_rows(Complaint, [_case(pattern, office, chance) for _ in range(count)])
        ids = [case for (case,) in Complaint.select(Complaint.id).where(Complaint.id > pattern.id).tuples()]
        insert_rows(Run, [_run(case, chance) for case in ids for _ in range(chance.randrange(5))])
        insert_rows(BeritaAcara, [_berita_acara(case, office, chance) for case in ids if chance.random() < 0.4])
        insert_rows(Pledge, [_pledge(case, chance) for case in ids if chance.random() < 0.3])
    return ids


def _some_day(chance: Random) -> datetime:
    return now() - timedelta(minutes=chance.randrange(-7 * 1440, DAYS * 1440))


def _case(pattern: Complaint, office: Office, chance: Random) -> dict[str, Any]:
    return made_case(
        pattern, office, chance, chance.choice([key for key, _ in vocabulary().states.items()]), _some_day(chance)
    )


def made_case(pattern: Complaint, office: Office, chance: Random, state: str, received: datetime) -> dict[str, Any]:
    """A row of a case in this state that came at this moment, by chance in all else."""
    ended = received + timedelta(minutes=chance.randrange(90 * 1440))
    own = {name: value for name, value in pattern.__data__.items() if name != "id"}
    of_file = Random(received.isoformat())
    return {
        **own,
        "public_id": secrets.token_urlsafe(12),
        "number": secrets.token_hex(8),
        "form_digest": None,
        "medium": _one_of(Medium, chance),
        "category": _one_of(Category, chance),
        "kelurahan": chance.choice([None, _one_of(Kelurahan, chance)]),
        "unit": chance.choice([None, _one_of(Division, chance)]),
        "law_class": chance.choice(list(LAW_CLASSES)),
        "secrecy": chance.choice(list(SECRECY)),
        "keeper": chance.choice([None, office["petugas"].id, office["petugas2"].id]),
        "state": state,
        "received_at": received,
        "closed_at": None if state in vocabulary().open_states else ended,
        "imported": chance.random() < 0.2,
        "elsewhere": of_file.choice(HOW_ENDED.get(state, ("",))),
        "institution": of_file.choice([None, *_terms(Institution, "Dinas Perhubungan", "Dinas Kesehatan")]),
        "topic": of_file.choice([None, *_terms(Topic, "PJU mati", "Bantuan sosial")]),
        "row_late": chance.random() < 0.3,
        "row_due_at": received + timedelta(days=chance.randrange(20)) if state in current_procedure().awaited else None,
        "legal_due_at": None if state == OUTSIDE else received + timedelta(days=chance.randrange(60)),
    }


def _terms(kind: type[FileTerm], *names: str) -> list[int]:
    return sorted(kind.ids_of(names).values())


def _one_of(model: Any, chance: Random) -> int:
    return int(chance.choice(list(model.select(model.id).order_by(model.id).limit(FEW).tuples()))[0])


def _run(case: int, chance: Random) -> dict[str, Any]:
    started, length = _some_day(chance), chance.randrange(4 * 1440)
    ended = None if chance.random() < 0.1 else started + timedelta(minutes=length)
    due, row = started + timedelta(minutes=chance.randrange(4 * 1440)), chance.choice(ROWS)
    return {
        "complaint": case,
        "round": 1,
        "row_key": row.key,
        "norm": row.norm,
        "started_at": started,
        "due_at": due,
        "ended_at": ended,
        "minutes": None if ended is None else length // 3,
    }


def _pledge(case: int, chance: Random) -> dict[str, Any]:
    made, ended = _some_day(chance), chance.choice([None, _some_day(chance)])
    return {
        "complaint": case,
        "what": "bantuan cair",
        "day": (made + timedelta(days=chance.randrange(60))).date(),
        "caretaker": UNIT,
        "made_at": made,
        "moved": 0,
        "end": KEPT if ended else "",
        "ended_at": ended,
    }


def _berita_acara(case: int, office: Office, chance: Random) -> dict[str, Any]:
    made = _some_day(chance)
    return {
        **{blank.name: "" for blank in BeritaAcara.blanks()},
        "complaint": case,
        "act": "deliver",
        "round": 1,
        "leg": 1,
        "revision": 1,
        "draft": chance.random() < 0.1,
        "recalled": chance.random() < 0.1,
        "made_by": office["petugas"].id,
        "made_at": made,
        "medium": "telepon",
        "told_at": made,
        "told": "Hasilnya.",
        "outcome": chance.choice(list(ENDS)),
    }
