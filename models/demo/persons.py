"""Invented people of the demo: names, NIK of a region that does not exist, phones that reach nobody, addresses."""

from datetime import date, timedelta
from random import Random
from typing import Any

from models.demo.plan import DemoText
from models.office.lists import Kelurahan
from models.store.base import Columns
from sop.words import format_date

REGION = "99"  # no province has this code
YEAR = 365.25
WOMEN_ADD = 40  # to the day of birth in a NIK
NAMELESS, MISTYPED = 0.4, 0.05  # online: without a NIK, with a figure too few
SELF = "Diri sendiri"


class Persons:
    """Draws people; no name comes twice before all have come."""

    def __init__(self, rng: Random, words: dict[str, Any], today: date) -> None:
        self.rng, self.words, self.today = rng, words, today
        self.kelurahan = list(Kelurahan.select().order_by(Kelurahan.code))
        self._names: dict[str, list[str]] = {"p": [], "l": []}

    def name(self, sex: str) -> str:
        if not self._names[sex]:
            self._names[sex] = self.rng.sample(self.words["names"][sex], len(self.words["names"][sex]))
        return self._names[sex].pop()

    def pengadu(self, text: DemoText, medium: str, place: Kelurahan) -> Columns:
        """Who complains, with what he left at this medium: online some leave neither NIK nor address."""
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
        """The victim or receiver of the service, if the text has one; the pengadu himself where it says so."""
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
        return {
            "name": self.name(sex),
            "nik": self._nik(sex, born),
            "birth": f"Malang, {format_date(born)}",
            "sex": sex.upper(),
            "age": f"{age} tahun" if age else "di bawah 1 tahun",
        }

    def _born(self, age: int) -> date:
        return self.today - timedelta(days=int(age * YEAR) + self.rng.randint(8, 350))

    def _nik(self, sex: str, born: date) -> str:
        day = born.day + (WOMEN_ADD if sex == "p" else 0)
        region = f"{REGION}{self.rng.randint(1, 5):02}{self.rng.randint(1, 12):02}"
        return f"{region}{day:02}{born:%m%y}{self.rng.randint(1, 9999):04}"

    def address(self) -> str:
        house, rt, rw = self.rng.randint(1, 120), self.rng.randint(1, 9), self.rng.randint(1, 12)
        return f"{self.street()} No. {house}, RT {rt:02} RW {rw:02}"

    def street(self) -> str:
        return str(self.rng.choice(self.words["streets"]))

    def phone(self) -> str:
        return f"0812-0000-{self.rng.randint(0, 9999):04}"
