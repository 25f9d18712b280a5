"""Writes a complaint of the demo: a text becomes what a Petugas would have typed, with persons, place and reference."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from models.demo.agenda import Agenda
from models.demo.people import CLERK, SECRET_CLERK
from models.demo.persons import Persons
from models.demo.plan import DemoText, Plan
from models.demo.texts import WORDS, Texts
from models.office.lists import Kelurahan, Medium
from models.store.base import Columns
from sop.words import format_date, format_moment

FORM_MINUTES = (2, 2, 3, 3, 3, 3, 4, 4, 4, 7)  # one in ten is late
BACKLOG = 700  # working minutes
HOTLINES = ("ngalam_112", "sapa_129")  # pass on what was called in before
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
    "surat": "Agenda {n}",
    "ngalam_112": "112-99{n:04}",
    "sapa_129": "129-99{n:04}",
    "kotak_aduan": "{day}",
    "limpahan": "000/{n}/CONTOH",
}


class Author:
    """Holds what the demo is drawn from: chance, office time, texts and people."""

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
        """A complaint recorded at `saved`; an empty title leaves it to the category's own."""
        place = place or self.rng.choice(self.people.kelurahan)
        medium = self.texts.medium(text)
        anonymous = text["anonymous_fits"] and self.rng.random() < 0.4
        opened = self.agenda.form_opened(saved, self.rng.choice(FORM_MINUTES))
        received = self._received(medium, opened, backlog=columns.get("backlog", False))
        pengadu = {} if anonymous else self.people.pengadu({**text, "group": medium.group}, medium.code, place)
        persons = {"pengadu": pengadu, "yang_bersangkutan": self.people.concerned(text, pengadu, place)}
        data = {
            **self._data(text, place, received),
            "title": title,
            "medium": medium.id,
            "received_at": received,
            "medium_ref": self._reference(medium, received),
            "anonymous": anonymous,
            **columns,
        }
        by = clerk or (SECRET_CLERK if text["secret"] or self.rng.random() < 0.25 else CLERK)
        return Plan(text, data, persons, opened_at=opened).add(saved, "receive", by)

    def _received(self, medium: Medium, opened: datetime, *, backlog: bool) -> datetime:
        """A message lies there before its form is opened; what is written up later came days before."""
        if backlog:
            return self.agenda.ago(self.agenda.minutes_since(opened) + BACKLOG)
        left = medium.group == "online" or medium.code in HOTLINES
        return opened - timedelta(minutes=self.rng.randint(5, 170)) if left else opened

    def _data(self, text: DemoText, place: Kelurahan, received: datetime) -> Columns:
        category = self.texts.categories.get(text["category"])
        return {
            "asks": text["asks"] or "",
            "accused": text["accused"] or "",
            "loss": text["loss"] or "",
            "evidence": text["evidence"] or "",
            "story": self._story(text),
            "category": category and category.id,
            "kelurahan": place.id,
            "event_date": self._event_date(received),
            "event_place": self._place(text, place),
        }

    def _story(self, text: DemoText) -> str:
        """The text; a sentence more for variety where nobody's safety hangs on the words."""
        plain = not text["secret"] and self.rng.random() < 0.5
        return f"{text['story']} {self.rng.choice(WORDS['asides'][text['voice']])}" if plain else text["story"]

    def _event_date(self, received: datetime) -> str:
        before = self.rng.randint(0, 12)
        return "" if before > 9 else format_date(received.date() - timedelta(days=before))

    def _place(self, text: DemoText, place: Kelurahan) -> str:
        street = f"{self.people.street()}, " if text["place"].startswith("Rumah") and not text["secret"] else ""
        return f"{text['place']}, {street}Kelurahan {place.name}" if text["place"] else ""

    def _reference(self, medium: Medium, received: datetime) -> str:
        pattern = REFERENCES.get(medium.code, "{n}")
        n = self.rng.randint(1, 999)
        return pattern.format(n=n, queue=n % 60 + 1, when=format_moment(received), day=format_date(received))
