"""The demo's present cases: a table of complaints in each state, and their plans."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from models.demo.people import CLERK
from models.demo.plan import Plan
from models.demo.steps import step
from models.demo.texts import TRIAL, Author
from models.store.base import Columns

EXAMPLE = "Kasus contoh"
DAY = 540  # working minutes, at least as many as any day has


@dataclass(frozen=True)
class Scene:
    """A complaint: its unit, its steps as "word minutes-ago", and its peculiarities."""

    unit: str
    steps: str
    about: str = ""  # prefix of its category or title
    title: str = ""
    emergency: bool = False
    outcome: str = ""
    named: str = ""  # a name by which a later row refers to it in `repeats` or `tied`
    repeats: str = ""
    tied: str = ""
    since: str = ""  # an anchor from which the minutes count, instead of now
    columns: Columns = field(default_factory=dict)
    evidence: dict[str, tuple[str, ...]] = field(default_factory=dict)  # attachments by step


# Times are in working minutes before the present. Row 2 of the SOP has 60, row 3 a day, row 4 has 60.
TO_RAISE = (
    Scene("REHSOS", "receive 6", "Belum pernah", evidence={"receive": ("foto",)}),
    Scene("PPKB", "receive 15, correct 11"),
    Scene("PPA", "receive 24", "hak_asuh", columns={"clerk": CLERK}),
    Scene("REHSOS", "receive 51", "jkn", named="neighbour"),
    Scene("SEKRETARIAT", "receive 140", "mutu"),
    Scene(
        "REHSOS",
        "receive 3110, raise 3095, dispose 3080, handle 2780, submit 2765, approve 2745, deliver 2700, reopen 40",
        "gepeng",
        outcome="keberatan",
    ),
)
TO_DISPOSE = (
    Scene("PPA", "receive 27, raise 22", "kekerasan_anak", emergency=True),
    Scene("REHSOS", "receive 38, tie 33, raise 30", "bansos_salah", tied="neighbour"),
    Scene("REHSOS", "receive 34, raise 30", "disabilitas"),
    Scene("PPKB", "receive 45, raise 30", "penyuluhan"),
    Scene("PUSPAGA", "receive 18, raise 8"),
    Scene("SEKRETARIAT", "receive 180, raise 170", "pungutan"),
    Scene("REHSOS", "receive 104, raise 96, dispose wrongly 88, refuse 33", "data_dtsen"),
    Scene(
        "REHSOS",
        "receive 110, raise 100, return_file 75, supplement 42, raise again 36",
        "bansos_tidak",
        evidence={"supplement": ("surat",)},
    ),
)
TO_HANDLE = (
    Scene("REHSOS", "receive 52, raise 44, dispose 30", "jkn", evidence={"receive": ("surat",)}),
    Scene("REHSOS", "receive 154, raise 140, dispose 120, assign 95", "disabilitas"),
    Scene("REHSOS", "receive 32, raise 22, dispose with a note 0", "lansia", since="nearly due"),
    Scene(
        "REHSOS",
        f"receive {DAY + 205}, raise {DAY + 190}, assist {DAY + 182}, dispose with a note {DAY + 170}",
        "odgj",
        emergency=True,
    ),
    Scene("REHSOS", f"receive {8 * DAY + 40}, raise {8 * DAY + 25}, dispose {8 * DAY}", "data_dtsen"),
    Scene("PPA", "receive 48, raise 41, dispose 30", "kekerasan_perempuan"),
    Scene("PPA", "receive 150, raise 138, dispose 120", "kdrt"),
    Scene("PPA", "receive 284, raise 268, dispose 250", "hak_asuh"),
    Scene("PPA", "receive 30, raise 20, dispose with a note 0", "kekerasan_anak", since="nearly due"),
    Scene("PPA", f"receive {DAY + 200}, raise {DAY + 185}, dispose {DAY + 170}", "kdrt"),
    *(
        Scene(unit, steps)
        for unit in ("SEKRETARIAT", "PPKB", "DAYASOS", "P3A", "PUSPAGA")
        for steps in (
            "receive 50, raise 43, dispose 30",
            "receive 147, raise 136, dispose 120",
            "receive 280, raise 266, dispose 250",
            "receive 340, raise 325, dispose 305",
            "receive 345, raise 325, dispose 305",
        )
    ),
)
FILED = "raise 326, dispose 305"  # the same disposition for most cases that await approval
TO_APPROVE = (
    *(
        Scene("REHSOS", f"receive {received}, {FILED}, handle {handled}, submit 18")
        for received, handled in ((347, 33), (343, 29), (339, 26), (335, 22))
    ),
    Scene("REHSOS", f"receive 349, {FILED}, handle 53, submit 48", "bansos_tidak"),
    Scene(
        "REHSOS",
        f"receive {DAY + 60}, raise {DAY + 50}, dispose {DAY + 40}, handle 410, submit 395, send_back 330,"
        " handle again 44, submit 37",
        "lansia",
    ),
    Scene(
        "PPA",
        "receive 330, raise 322, assist 316, dispose with a note 310, handle 39, submit 14",
        "kdrt",
        emergency=True,
    ),
    Scene("PPA", "receive 344, raise 332, dispose 310, handle 31, submit 14", "kekerasan_perempuan"),
    Scene("PPA", f"receive {DAY + 330}, raise {DAY + 320}, dispose {DAY + 305}, handle 610, submit 560", "hak_asuh"),
    Scene("SEKRETARIAT", f"receive 341, {FILED}, handle 41, submit 25", "perilaku", evidence={"receive": ("rekaman",)}),
    Scene("PPKB", f"receive 337, {FILED}, handle 36, submit 27"),
    Scene("PUSPAGA", f"receive 346, {FILED}, handle 150, submit 95"),
)
TO_DELIVER = (
    Scene("REHSOS", "receive 642, raise 627, dispose 610, handle 236, submit 215, approve 190", "bansos_tidak"),
    Scene("REHSOS", "receive 638, raise 627, dispose 610, handle 231, submit 215, approve 190, attempt 32", "jkn"),
    Scene("PPKB", "receive 635, raise 627, dispose 610, handle 227, submit 212, approve 190"),
    Scene(
        "REHSOS",
        f"receive {8 * DAY}, raise {8 * DAY - 15}, dispose {8 * DAY - 30}, handle {8 * DAY - 320},"
        f" submit {8 * DAY - 335}, approve with a note {8 * DAY - 360}, attempt {6 * DAY}, attempt {3 * DAY + 20}",
        "data_dtsen",
    ),
)
PAUSED = (Scene("REHSOS", "receive 95, raise 78, dispose 60, hold 0", "bansos_tidak", since="hold day"),)
OVER = (
    Scene(
        "REHSOS",
        "receive 1704, raise 1694, dispose 1678, handle 1350, submit 1335, approve 1312, attempt 1260,"
        " attempt reached 1208, deliver 1202",
        "PKH tidak cair",
        title=f"{EXAMPLE}: ",
        columns={"emergency": False, "clerk": CLERK},
        evidence={"receive": ("surat",), "handle": ("foto",)},
    ),
    Scene(
        "REHSOS",
        "receive 2510, raise 2495, dispose 2480, handle 2150, submit 2135, approve 2115, deliver 2080",
        "bansos_salah",
        named="head",
    ),
    Scene("REHSOS", "receive 2470, duplicate 2440", repeats="head"),
    Scene(
        "PPA",
        "receive 3015, raise 3005, dispose 2990, handle 2660, submit 2645, approve 2625, deliver 2590",
        "kekerasan_anak",
    ),
    Scene(
        "REHSOS",
        "receive 3620, raise 3605, dispose 3590, hold for an answer 3500, resume 2700, handle 2480,"
        " submit 2465, approve 2440, deliver 2400",
        "bansos_tidak",
    ),
    Scene(
        "REHSOS",
        "receive 4210, raise 4195, dispose 4180, handle 3850, submit 3835, approve 3815, attempt 3780,"
        " attempt 3400, attempt 2900, deliver unreached 2880",
        "gepeng",
    ),
    Scene(
        "SEKRETARIAT",
        "receive 4800, raise 4785, dispose 4770, handle 4450, submit 4430, approve with a note 4410, deliver 4370",
        "mutu",
        columns={"backlog": True},
    ),
    Scene(
        "REHSOS",
        "receive 5300, raise 5285, dispose 5220, handle 4600, submit 4585, approve 4560, deliver 4500",
        "anak_jalanan",
    ),
    Scene(
        "DAYASOS",
        "receive 5850, raise 5835, dispose with a note 5820, handle 5500, submit 5485, approve 5460, deliver 5410",
        "usaha_bersama",
    ),
    Scene(
        "P3A",
        "receive 6400, raise 6385, dispose 6370, handle 6050, submit 6035, approve 6010, deliver 5960",
        "pemberdayaan_perempuan",
    ),
    Scene("SEKRETARIAT", "receive 1130, raise 1118, forward 1100", "Jalan"),
    Scene("SEKRETARIAT", "receive 2060, raise 2048, forward 2025", "Seragam"),
    Scene("PUSPAGA", "receive 1560, raise 1545, dispose 1530, withdraw 1390"),
    Scene("", "receive 905, void 895"),
)
PICTURE = (*TO_RAISE, *TO_DISPOSE, *TO_HANDLE, *TO_APPROVE, *TO_DELIVER, *PAUSED, *OVER)


HOLD_DAY = 28  # calendar days that the paused complaint has been waiting
SAME = ("story", "anonymous", "kelurahan", "event_date", "event_place")  # columns that a repeated complaint shares
NEARLY = 45  # working minutes until the nearly due ones are due


def picture(author: Author) -> list[Plan]:
    """The plans of all scenes."""
    agenda = author.agenda
    since = {"": 0, "nearly due": agenda.near_due("handle", NEARLY), "hold day": agenda.calendar_days(HOLD_DAY)}
    named: dict[str, Plan] = {}
    plans = []
    for scene in PICTURE:
        plan = _plan(author, scene, since[scene.since], named)
        plans.append(plan)
        if scene.named:
            named[scene.named] = plan
    return plans


def _plan(author: Author, scene: Scene, since: int, named: dict[str, Plan]) -> Plan:
    words = [part.strip().rsplit(" ", 1) for part in scene.steps.split(",")]
    moments = [author.agenda.ago(int(minutes) + since) for _, minutes in words]
    plan = _plan_of_receiving(author, scene, moments[0], named)
    plan.acts[0] = replace(plan.acts[0], evidence=scene.evidence.get(words[0][0], ()))
    for (word, _), at in zip(words[1:], moments[1:], strict=True):
        key, by, blanks = step(word, plan, at, author.rng)
        plan.add(at, key, by, blanks, evidence=scene.evidence.get(word, ()))
    return plan


def _plan_of_receiving(author: Author, scene: Scene, at: datetime, named: dict[str, Plan]) -> Plan:
    if scene.repeats:
        return again(author, named[scene.repeats], at)
    if not scene.unit:
        return author.plan(TRIAL, at, title=str(TRIAL["title"]))
    text, first = author.texts.draw(scene.unit, scene.about, emergency=scene.emergency, outcome=scene.outcome)
    if scene.tied:
        text = {**text, "original": named[scene.tied]}
    title = scene.title + text["title"] if first or scene.title else ""
    return author.plan(text, at, title=title, **{"emergency": scene.emergency, **scene.columns})


def again(author: Author, original: Plan, at: datetime) -> Plan:
    """A repetition of a complaint by the same person through another medium."""
    plan = author.plan({**original.text, "original": original}, at, title=original.data["title"])
    plan.persons = original.persons
    plan.data |= {name: original.data[name] for name in SAME}
    return plan
