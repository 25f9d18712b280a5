"""The office's promise of who reads and does what, typed in from its own table, not from what the panel runs on.

What that table does not name yet (a row that was added, a detour) is promised by lane, further down.
"""

from collections.abc import Iterable
from itertools import pairwise

from sop.flow import current_procedure
from sop.procedure import LAST, TURN, Transition
from sop.vocabulary import vocabulary

# Who there is. The unit BIDANG leads every disposition of the grid; BIDANG 2 is addressed as well.
PEOPLE = {
    "P registrar": "petugas",
    "P lain": "petugas2",
    "P rahasia": "petugas.rahasia",
    "K": "kadis",
    "K plh": "plh",
    "K plh berakhir": "plh.lama",
    "B kepala": "bidang.rehsos",
    "B ditugaskan": "staf.rehsos",
    "B lain": "staf2.rehsos",
    "B2 kepala": "bidang.ppa",
    "B2 ditunjuk": "staf.ppa",
    "B2 lain": "staf2.ppa",
    "B-": "staf.kb",
    "B darurat": "staf.darurat",
    "B tim tetap": "tim",
    "W": "pengawas",
    "W berakhir": "pengawas.lama",
    "W kelak": "pengawas.kelak",
    "S": "admin",
}

# all: always · led: while a disposition to that unit is, or was last, in force · urgent: darurat, until it has acted
READ = """
                 | biasa  | terbatas | rahasia
P registrar      | all    | all      | all
P lain           | all    | all      | -
P rahasia        | all    | all      | all
K                | all    | all      | all
K plh            | all    | all      | all
K plh berakhir   | -      | -        | -
B kepala         | led    | led      | led
B ditugaskan     | led    | led      | led
B lain           | led    | led      | -
B2 kepala        | led    | led      | -
B2 ditunjuk      | led    | led      | led
B2 lain          | led    | led      | -
B-               | -      | -        | -
B darurat        | urgent | urgent   | urgent
B tim tetap      | -      | -        | all
W                | all    | all      | all
W berakhir       | -      | -        | -
W kelak          | -      | -        | -
S                | -      | -        | -
"""

EIGHT = ("P registrar", "K", "B kepala", "B2 kepala", "B-", "W", "W berakhir", "S")  # one of each of the eight kinds
ALIKE = ("P rahasia", "K plh", "K plh berakhir", "W berakhir", "W kelak")  # take the same steps as another, or none

PETUGAS = ("P registrar", "P lain", "P rahasia")
KEPALA_DINAS = ("K", "K plh")
HANDLERS = ("B kepala", "B ditugaskan")
UNIT, ADDRESSED = (*HANDLERS, "B lain"), ("B2 kepala", "B2 ditunjuk", "B2 lain")
OFFICE = (*PETUGAS, *KEPALA_DINAS, *UNIT, *ADDRESSED)
CONTENT = tuple(kind for kind in PEOPLE if kind != "S")  # may open the pages of cases; which cases is another question

ACTS = {
    **dict.fromkeys(("raise", "deliver", "attempt", "duplicate", "void", "withdraw", "reopen", "correct"), PETUGAS),
    **dict.fromkeys(("dispose", "return_file", "forward", "approve", "send_back"), KEPALA_DINAS),
    "handle": HANDLERS,
    **dict.fromkeys(("submit", "refuse", "assign"), ("B kepala",)),
    "entrust": (*PETUGAS, *KEPALA_DINAS),
    **dict.fromkeys(("supplement", "tie"), (*PETUGAS, *UNIT, *ADDRESSED)),
    "assist": ("B darurat",),
    "alert": PETUGAS,
}
URGENT = ("assist", "alert")  # in darurat cases alone; there they wait for all who may do them
TURNS = {  # whose turn it is: hold, and resume of what was paused there
    "raise": PETUGAS,
    "dispose": KEPALA_DINAS,
    "handle": HANDLERS,
    "submit": ("B kepala",),
    "approve": KEPALA_DINAS,
    "deliver": PETUGAS,
    "resume": HANDLERS,
}
# who took the steps of the grid's cases, as far as it can be taken back
TOOK = {
    "raise": "P registrar",
    "handle": "B ditugaskan",
    "submit": "B kepala",
    "approve": "K",
    "deliver": "P registrar",
}

BEFORE, LED = ("raise", "dispose"), ("handle", "submit", "approve", "deliver", "resume", "closed", "withdrawn")
ENDED_EARLY = ("forwarded", "duplicated", "voided")
SECRECY = ("biasa", "terbatas", "rahasia")

CONTACT_STEPS = ("deliver", "handle", "attempt", "correct", "assist")  # to call; to put right what was typed
IDENTITY = (*PETUGAS, *HANDLERS)  # open papers that hold identity
CONTACT = (*IDENTITY, "B darurat")
CALLERS = (*IDENTITY, *KEPALA_DINAS)  # open a number on the page of a case that they read
DRAFTS = HANDLERS  # read what the unit is still writing
WRITE = {"submit": HANDLERS}  # open the page to write on the draft, though others perform the step
CHECKS = (*KEPALA_DINAS, "W", "W berakhir", "W kelak", "S")  # verify the history
MASTERS_READ, MASTERS_WRITE = ("W", "W berakhir", "W kelak", "S"), ("S",)
MASTERS = (
    "pengguna",
    "unit",
    "jabatan",
    "plt",
    "surat-tugas",
    "tim-tetap",
    "media",
    "kategori",
    "kelurahan",
    "hari-libur",
    "jam-kerja",
    "alasan",
    "jadwal-retensi",
    "pengaturan",
)


# By lane: whom the lane of a step means that the office's table does not name, and from where the main line has it.
BY_LANE = {
    ("petugas", "any"): PETUGAS,
    ("petugas", "addressed"): ACTS["supplement"],
    ("kepala_dinas", "any"): KEPALA_DINAS,
    ("bidang", "any"): UNIT,
    ("bidang", "handler"): HANDLERS,
    ("bidang", "head"): ("B kepala",),
    ("bidang", "submitter"): ("B kepala",),
    ("bidang", "emergency"): ("B darurat",),
}


def _unnamed(steps: Iterable[Transition]) -> list[Transition]:
    return [
        t for t in steps if t.key not in ACTS and t.actor not in (TURN, LAST) and not current_procedure().is_receive(t)
    ]


DISPOSED = current_procedure().awaited.index("handle")
NEW = _unnamed(current_procedure().main_line)
ACTS |= {step.key: BY_LANE[step.actor, step.within] for step in _unnamed(vocabulary().transitions.values())}
TURNS |= {step.key: ACTS[step.key] for step in NEW}
TOOK |= {step.key: ACTS[step.key][0] for step in NEW}
RECALL = {
    after: TOOK[before] for before, after in pairwise(current_procedure().awaited) if before in TOOK
}  # who was last
BEFORE += tuple(step.key for step in NEW if current_procedure().awaited.index(step.key) < DISPOSED)
LED += tuple(step.key for step in NEW if current_procedure().awaited.index(step.key) > DISPOSED)
CONTACT_STEPS += tuple(step.key for step in NEW if step.contact)
WRITE |= {step.key: HANDLERS for step in NEW if step.draft}
STATES = (*BEFORE, *LED, *ENDED_EARLY)
IN_DANGER = (
    *current_procedure().awaited[: current_procedure().awaited.index("approve") + 1],
    "resume",
)  # where a darurat may call for its unit


def _table(text: str) -> dict[str, dict[str, str]]:
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines())
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


READS = _table(READ)


def reads(kind: str, secrecy: str, state: str, *, urgent: bool) -> bool:
    """Whether this kind of person reads such a case."""
    how = READS[kind][secrecy]
    return how == "all" or (how == "led" and state in LED) or (how == "urgent" and urgent and state in IN_DANGER)


def does(kind: str, step: str, secrecy: str, state: str, starts: frozenset[str], *, urgent: bool) -> bool:
    """Whether this kind of person may take the step in such a case, `starts` being the states in which it begins."""
    if step in URGENT and not urgent:
        return False
    if state not in starts or not reads(kind, secrecy, state, urgent=urgent):
        return False
    if step == "recall":
        return RECALL.get(state) == kind
    return kind in (TURNS[state] if step in ("hold", "resume") else ACTS[step])
