"""The demo's invented persons and texts, and the complaints made of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from models.demo.people import CLERK, SECRET_CLERK
from models.demo.plan import Agenda, DemoText, Plan
from models.office.lists import Category, Kelurahan, Medium
from models.records.entry import DEFAULT_CATEGORY
from models.store.base import Columns
from models.workflow.masters import read_data
from sop.words import format_date, format_moment

REGION = "99"  # not the code of any province
YEAR = 365.25
WOMEN_ADD = 40  # added to the day of birth in a woman's NIK
NAMELESS, MISTYPED = 0.4, 0.05  # shares of online complaints: without a NIK; with a digit missing
SELF = "Diri sendiri"


class Persons:
    """Draws persons; no name is repeated before all were used."""

    def __init__(self, rng: Random, words: dict[str, Any], today: date) -> None:
        self.rng, self.words, self.today = rng, words, today
        self.kelurahan = list(Kelurahan.select().order_by(Kelurahan.code))
        self._names: dict[str, list[str]] = {"p": [], "l": []}

    def name(self, sex: str) -> str:
        if not self._names[sex]:
            self._names[sex] = self.rng.sample(self.words["names"][sex], len(self.words["names"][sex]))
        return self._names[sex].pop()

    def pengadu(self, text: DemoText, medium: str, place: Kelurahan) -> Columns:
        """The pengadu's columns; online some leave neither NIK nor address."""
        who, concerned = text["pengadu"], text["persons"]["yang_bersangkutan"] or {}
        age = concerned["age"] if concerned.get("relation") == SELF else self.rng.randint(*who["age"])
        born = self._born(age)
        person = {
            **self._identity(who["sex"], age, born),
            "kelurahan": place.id,
            "address": self.address(),
            "phone": self.phone(),
            "job": who["job"] or self.rng.choice(self.words["jobs"]),
            "safe_contact": text["safe_contact"] or "",
            "do_not_call": "jangan menelepon" in (text["safe_contact"] or ""),
        }
        if medium == "email":
            person["email"] = f"{person['name'].lower().replace(' ', '.').replace(chr(39), '')}@example.com"
        chance = self.rng.random()
        if text["group"] != "langsung" and chance < NAMELESS:
            person |= {"nik": "", "address": ""}
        elif text["group"] != "langsung" and chance < NAMELESS + MISTYPED:
            person["nik"] = person["nik"][:-1]
        return person

    def concerned(self, text: DemoText, pengadu: Columns, place: Kelurahan) -> Columns:
        """The person concerned, if the text has one; the same as the pengadu if it says so."""
        who = text["persons"]["yang_bersangkutan"]
        if not who:
            return {}
        about = {"relation": who["relation"], "group": who["group"] or ""}
        if who["relation"] == SELF:
            own = ("name", "nik", "birth", "sex", "age", "address", "kelurahan", "job")
            return {**{name: pengadu.get(name, "") for name in own}, **about}
        if not who["known"]:
            return {"sex": who["sex"].upper(), "age": f"sekitar {who['age']} tahun", **about}
        return {**self._identity(who["sex"], who["age"], self._born(who["age"])), "kelurahan": place.id, **about}

    def _identity(self, sex: str, age: int, born: date) -> Columns:
        name, day = self.name(sex), born.day + (WOMEN_ADD if sex == "p" else 0)
        region = f"{REGION}{self.rng.randint(1, 5):02}{self.rng.randint(1, 12):02}"
        return {
            "name": name,
            "nik": f"{region}{day:02}{born:%m%y}{self.rng.randint(1, 9999):04}",
            "birth": f"Malang, {format_date(born)}",
            "sex": sex.upper(),
            "age": f"{age} tahun" if age else "di bawah 1 tahun",
        }

    def _born(self, age: int) -> date:
        return self.today - timedelta(days=int(age * YEAR) + self.rng.randint(8, 350))

    def address(self) -> str:
        house, rt, rw = self.rng.randint(1, 120), self.rng.randint(1, 9), self.rng.randint(1, 12)
        return f"{self.street()} No. {house}, RT {rt:02} RW {rw:02}"

    def street(self) -> str:
        return str(self.rng.choice(self.words["streets"]))

    def phone(self) -> str:
        return f"0812-0000-{self.rng.randint(0, 9999):04}"


WORDS: dict[str, Any] = read_data("demo")
REASONS: dict[str, list[str]] = read_data("reasons")
LAST = 1_000  # as if a text had come so often
TRIAL: DemoText = {
    "category": DEFAULT_CATEGORY,
    "title": "Pesan percobaan",
    "voice": "warga",
    "story": "Tes pesan masuk, mohon diabaikan.",
    "asks": "",
    "accused": "",
    "loss": "",
    "place": "",
    "evidence": "",
    "media": ["sambat"],
    "anonymous_fits": True,
    "safe_contact": "",
    "emergency_action": "",
    "pengadu": {"sex": "l", "age": [20, 40], "job": None},
    "persons": {"yang_bersangkutan": None},
    "unit": "",
    "secret": False,
    "group": "online",
    "advice": "",
}


class Texts:
    """Draws texts; a text is only repeated after all others that fit were used."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.categories = {c.code: c for c in Category.select()}
        self.media = {m.code: m for m in Medium.select()}
        self.all = [self._known(n, text) for n, text in enumerate(WORDS["complaints"])]
        self._drawn = [0] * len(self.all)

    def _known(self, n: int, text: DemoText) -> DemoText:
        category = self.categories[text["category"]]
        advice = WORDS["assessment_suggestions"]
        return {
            **text,
            "no": n,
            "unit": category.unit.code,
            "secret": category.secrecy == "rahasia",
            "emergency_unit": category.emergency_unit and category.emergency_unit.code,
            "advice": advice[n % len(advice)],
        }

    def draw(self, unit: str, about: str = "", *, emergency: bool = False, outcome: str = "") -> tuple[DemoText, bool]:
        """A text for the unit whose category or title begins with `about`; and whether it is its first use."""
        fits = [
            text
            for text in self.all
            if text["unit"] == unit
            and _is_about(text, about)
            and (not emergency or text["emergency_action"])
            and outcome in ("", text["delivery"]["outcome"])
        ]
        least = min(self._drawn[text["no"]] for text in fits)
        text = self.rng.choice([text for text in fits if self._drawn[text["no"]] == least])
        self._drawn[text["no"]] += 1
        return text, least == 0

    def use_last(self, numbers: Iterable[int]) -> None:
        """Use these texts only if no other fits."""
        for no in numbers:
            self._drawn[no] += LAST


def _is_about(text: DemoText, about: str) -> bool:
    """Whether its category or title begins with `about`; texts that are not the office's business must be asked for."""
    if not about:
        return bool(text["category"] != "bukan_kewenangan")
    return bool(text["category"].startswith(about) or text["title"].startswith(about))


FORM_MINUTES = (2, 2, 3, 3, 3, 3, 4, 4, 4, 7)  # one in ten exceeds the norm
BACKLOG = 700  # working minutes
HOTLINES = ("ngalam_112", "sapa_129")  # hotlines forward earlier calls
REFERENCES = {
    "loket": "A-{queue:03}",
    "kelurahan": "Catatan Puskesos {n}",
    "upt_ppa": "UPT-{n:03}",
    "lapor": "99{n:05}",
    "sambat": "SMB-99{n:04}",
    "whatsapp": "{when}",
    "email": "{when}",
    "instagram": "@warga.contoh{n}",
    "medsos": "Akun warga.contoh{n}",
    "telepon": "{when}",
    "surat": "S-{n} tanggal {day}",
    "ngalam_112": "112-99{n:04}",
    "sapa_129": "129-99{n:04}",
    "kotak_aduan": "{day}",
    "limpahan": "000/{n}/CONTOH",
}


class Author:
    """The sources of the demo's content: random numbers, working time, texts and persons."""

    def __init__(self, rng: Random, agenda: Agenda) -> None:
        self.rng, self.agenda = rng, agenda
        self.texts = Texts(rng)
        self.people = Persons(rng, WORDS, agenda.end.date())

    def plan(
        self,
        text: DemoText,
        saved: datetime,
        *,
        title: str = "",
        clerk: str = "",
        place: Kelurahan | None = None,
        **columns: Any,
    ) -> Plan:
        """The plan of a complaint recorded at `saved`; an empty title means the category's."""
        place = place or self.rng.choice(self.people.kelurahan)
        medium: Medium = self.texts.media[self.rng.choice(text["media"])]
        anonymous = text["anonymous_fits"] and self.rng.random() < 0.4
        opened = self.agenda.form_opened(saved, self.rng.choice(FORM_MINUTES))
        received = self._received(medium, opened, backlog=columns.get("backlog", False))
        pengadu = {} if anonymous else self.people.pengadu({**text, "group": medium.group}, medium.code, place)
        persons = {"pengadu": pengadu, "yang_bersangkutan": self.people.concerned(text, pengadu, place)}
        data = {
            **self._data(text, medium, place, received),
            "title": title,
            "anonymous": anonymous,
            **columns,
        }
        by = clerk or (SECRET_CLERK if text["secret"] or self.rng.random() < 0.25 else CLERK)
        return Plan(text, data, persons, opened_at=opened).add(saved, "receive", by)

    def _received(self, medium: Medium, opened: datetime, *, backlog: bool) -> datetime:
        """When the complaint was received: a message before the form was opened, a backlog entry days before."""
        if backlog:
            return self.agenda.ago(self.agenda.minutes_since(opened) + BACKLOG)
        left = medium.group == "online" or medium.code in HOTLINES
        return opened - timedelta(minutes=self.rng.randint(5, 170)) if left else opened

    def _scene(self, text: DemoText, place: Kelurahan) -> str:
        """Where it happened: in a street, unless that is the pengadu's own, which his address names."""
        of_home = text["place"].startswith("Rumah") and not text["secret"]
        street = f"{self.people.street()}, " if of_home else ""
        where = "" if "pengadu" in text["place"] else street
        return f"{text['place']}, {where}Kelurahan {place.name}" if text["place"] else ""

    def _data(self, text: DemoText, medium: Medium, place: Kelurahan, received: datetime) -> Columns:
        category = self.texts.categories[text["category"]]
        chatty = not text["secret"] and self.rng.random() < 0.5  # no further sentence where safety depends on the text
        further = f" {self.rng.choice(WORDS['asides'][text['voice']])}" if chatty else ""
        days_before = self.rng.randint(0, 12)
        scene = self._scene(text, place)
        pattern, n = REFERENCES.get(medium.code, "{n}"), self.rng.randint(1, 999)
        when, day = format_moment(received), format_date(received)
        return {
            "medium": medium.id,
            "medium_ref": pattern.format(n=n, queue=n % 60 + 1, when=when, day=day),
            "received_at": received,
            "asks": text["asks"] or "",
            "accused": text["accused"] or "",
            "loss": text["loss"] or "",
            "evidence": text["evidence"] or "",
            "story": f"{text['story']}{further}",
            "category": category.id,
            "kelurahan": place.id,
            "event_date": "" if days_before > 9 else format_date(received.date() - timedelta(days=days_before)),
            "event_place": scene,
        }
