"""The entry of a complaint: defaults by category, legal deadlines, cleaning, validation, sealing and reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from textwrap import shorten
from typing import Any

from models.complaint.complaint import PERSONS, SEXES, Complaint, Person, nik_note
from models.complaint.event import open_seals
from models.complaint.lookup import drop_marks, write_marks
from models.office.calendar import clock
from models.office.contacts import masked_words
from models.office.lists import Category, Kelurahan, Medium
from models.office.settings import LAW_CLASSES, Settings, longest_deadline
from models.records.story_summary import first_sentence
from models.store import master_cache, tracked_rows
from models.store.base import Columns, Model
from models.store.master_cache import copied
from models.store.rowhash import record_hashes_before_change
from models.store.seal import Seal
from sop.access import SECRECY, URGENCY
from sop.clock import Clock, HoursUnknown

DEFAULT_CATEGORY = "belum_dipilah"
LONGEST_TITLE = 120  # characters of a generated title: two lines of a list, three on a phone
NO_CATEGORY = "Pilih kategori. Bila belum jelas, pilih “Belum dipilah”."
DECIDES = ("law_class", "secrecy", "urgency")  # columns of a category, defaults of the same columns of its complaints


def category_of(picked: Any) -> Category:
    """The category with this id, else the default one for unsorted complaints."""
    categories = master_cache.rows_by_id(Category)
    known = categories.get(picked) or next(row for row in categories.values() if row.code == DEFAULT_CATEGORY)
    return copied(known)


def usual_title(category: Category, kelurahan: int | None, *, story: str, secrecy: str) -> str:
    """The generated title of a complaint: the first informative sentence of its story. For a rahasia complaint only its
    category, since titles are shown and printed where the story is not."""
    secret = (secrecy or category.secrecy) == "rahasia"
    title = "" if secret else masked_words(shorten(first_sentence(story), LONGEST_TITLE, placeholder=" …"))
    return title if title.strip(" …") else standard_title(category, kelurahan)


def followed_title(complaint: Any, secrecy: str) -> str:
    """The title of a complaint after a change of its secrecy: a generated title is made anew, a typed one stays."""
    c = complaint
    by_secrecy = partial(usual_title, c.category, c.kelurahan_id, story=c.__data__["story"])
    return by_secrecy(secrecy=secrecy) if c.title == by_secrecy(secrecy=c.secrecy) else str(c.title)


def standard_title(category: Category, kelurahan: int | None) -> str:
    """The title by category and kelurahan alone."""
    place = master_cache.rows_by_id(Kelurahan).get(kelurahan) if kelurahan else None
    title = category.title or category.name
    return str(title.replace("{kelurahan}", place.name) if place else title.replace(" ({kelurahan})", ""))


def usual_columns(category: Category, kelurahan: int | None, *, story: str, secrecy: str) -> Columns:
    """Defaults by column of Complaint."""
    title = usual_title(category, kelurahan, story=story, secrecy=secrecy)
    return {"title": title, **{name: getattr(category, name) for name in DECIDES}}


UNCOUNTABLE = "Jam kerja dinas sesudah tanggal ini belum diisi. Periksa tahunnya, atau hubungi pengelola sistem."


def legal_dues(office: Clock, base: datetime, law_class: str, settings: Settings) -> Columns:
    """The two legal due times by column of Complaint, counted from `base`."""
    return {
        "legal_due_at": office.legal_due(base, settings[f"legal.{law_class}"]),
        "answer_due_at": office.legal_due(base, settings["legal.answer"]),
    }


def day_of_settings(c: Complaint, base: datetime) -> date:
    """The day whose settings give the length of the deadlines: of the first round the day of recording."""
    return (c.recorded_at if base == c.received_at else base).date()


def uncountable(received: datetime) -> str:
    """The sentence why no deadline can be computed from this moment; "" if one can."""
    try:
        clock().legal_due(received, longest_deadline(received.date()))
    except (HoursUnknown, OverflowError):
        return UNCOUNTABLE
    return ""


TEXTS = ("title", "story", "asks", "medium_ref", "event_date", "event_place", "accused", "loss", "evidence")
FLAGS = ("emergency", "anonymous", "backlog")
PERSON_TEXTS = ("name", "birth", "age", "job", "relation", "group")
PERSON_COLUMNS = (*PERSON_TEXTS, "sex", "do_not_call", "kelurahan", *Person.SEALED)
TITLED = "Judul yang diketik: {}"
Typed = Mapping[str, Any]  # by column of a table, as it came from a form
Persons = Mapping[str, Typed]  # by kind: pengadu, yang_bersangkutan, kuasa


@dataclass(frozen=True)
class Entry:
    """The typed data of a complaint: by column of Complaint, and the persons by kind and column of Person."""

    columns: Columns
    persons: dict[str, Columns]

    @property
    def present(self) -> dict[str, Columns]:
        """The persons to store: the pengadu, even if anonymous, and others with any value."""
        return {kind: person for kind, person in self.persons.items() if kind == "pengadu" or any(person.values())}


def cleaned_entry(data: Typed, persons: Persons) -> Entry:
    """The typed data as stored, with defaults by category and story. `received_at` is None if it was not typed; the
    caller sets it."""
    texts = {name: _text(data, name) for name in TEXTS}
    title, story = texts["title"], texts["story"]
    if masked_words(title) != title and title not in story:  # stored masked: its numbers are not lost in the story
        texts["story"] = "\n\n".join(filter(None, [story, TITLED.format(title)]))
    category, kelurahan = category_of(data.get("category")), data.get("kelurahan") or None
    usual = usual_columns(category, kelurahan, story=texts["story"], secrecy=str(data.get("secrecy") or ""))
    columns = {
        **texts,
        **{name: data.get(name) or usual[name] for name in DECIDES},
        **{name: bool(data.get(name)) for name in FLAGS},
        "title": masked_words(title) or usual["title"],
        "category": category.id,
        "medium": data.get("medium"),
        "kelurahan": kelurahan,
        "received_at": data.get("received_at"),
    }
    return Entry(columns, {kind: _person(persons.get(kind, {})) for kind in PERSONS})


def _person(typed: Typed) -> Columns:
    return {
        **{name: _text(typed, name) for name in (*PERSON_TEXTS, *Person.SEALED)},
        "sex": typed.get("sex") if typed.get("sex") in dict(SEXES) else "",
        "do_not_call": bool(typed.get("do_not_call")),
        "kelurahan": typed.get("kelurahan") or None,
    }


def _text(typed: Typed, name: str) -> str:
    return str(typed.get(name) or "").strip()


FUTURE = "Waktu diterima tidak boleh di masa depan."


def entry_objections(data: Typed, persons: Persons, at: datetime) -> dict[str, str]:
    """Sentences by field about what is wrong with the data; the receipt must not be after `at`, the recording."""
    received = data.get("received_at")
    is_named = data.get("anonymous") or _text(persons.get("pengadu", {}), "name")
    sentences = {
        "medium": "" if _is_there(Medium, data.get("medium")) else "Pilih media pengaduan.",
        "story": "" if _text(data, "story") else "Tuliskan apa yang terjadi.",
        "category": "" if data.get("category") else NO_CATEGORY,
        "pengadu.name": "" if is_named else "Isi nama pengadu, atau tandai anonim.",
        "received_at": FUTURE if received and received > at else uncountable(received or at),
    }
    for kind, person in persons.items():
        sentences |= _too_long(Person, PERSON_TEXTS, person, f"{kind}.")
    sentences |= _too_long(Complaint, TEXTS, data, "")
    sentences |= dict.fromkeys(_unknown_choices(data), "Pilihan tidak dikenal.")
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _is_there(model: type[Model], number: Any) -> bool:
    return bool(number) and model.get_or_none(model.id == number) is not None


def _too_long(model: Any, names: tuple[str, ...], typed: Typed, prefix: str) -> dict[str, str]:
    limits = {n: getattr(model._meta.fields[n], "max_length", None) for n in names}
    return {
        f"{prefix}{n}": f"{model._meta.fields[n].verbose_name} paling panjang {limit} huruf."
        for n, limit in limits.items()
        if limit and len(str(typed.get(n) or "")) > limit
    }


def _unknown_choices(data: Typed) -> list[str]:
    lists = {"category": Category, "kelurahan": Kelurahan}
    choices = {"secrecy": SECRECY, "urgency": URGENCY, "law_class": LAW_CLASSES}
    unknown = [name for name, model in lists.items() if data.get(name) and not _is_there(model, data[name])]
    return unknown + [name for name, words in choices.items() if data.get(name) and data[name] not in words]


def add_person(complaint: int, kind: str, person: Columns, case: Seal) -> None:
    """Insert a person of the case, with the search marks of his numbers."""
    added = Person.insert(complaint=complaint, **_sealed_row(kind, person, case)).execute()
    tracked_rows.added(Person, added)
    write_marks(complaint, kind, person)


def replace_person(complaint: int, kind: str, person: Columns | None, case: Seal) -> None:
    """Update, insert or (None) delete a person of the case."""
    there = Person.get_or_none((Person.complaint == complaint) & (Person.kind == kind))
    drop_marks(complaint, kind)
    if there is None:
        if person is not None:
            add_person(complaint, kind, person, case)
        return
    record_hashes_before_change(Person, [there.id])
    if person is None:
        Person.delete().where(Person.id == there.id).execute()
    else:
        Person.update(**_sealed_row(kind, person, case)).where(Person.id == there.id).execute()
        write_marks(complaint, kind, person)


def _sealed_row(kind: str, person: Columns, case: Seal) -> Columns:
    """The row of a person of a cleaned entry, with sealed columns encrypted."""
    return {
        **person,
        "kind": kind,
        "nik_note": nik_note(person["nik"]),
        **{name: case.close_text(f"{kind}.{name}", person[name]) for name in Person.SEALED},
    }


ENTERED = (*TEXTS, *DECIDES, *FLAGS, "category", "medium", "kelurahan", "received_at")  # columns of Complaint


def stored_entry(complaint: Complaint) -> Entry:
    """The stored entry of this complaint, unsealed."""
    case = open_seals([complaint.id])[complaint.id]
    people = {p.kind: p for p in Person.select().where(Person.complaint == complaint.id)}
    columns = {name: complaint.__data__[name] for name in ENTERED}
    return Entry(columns, {kind: _opened(kind, people.get(kind) or Person(), case) for kind in PERSONS})


def _opened(kind: str, person: Person, case: Seal) -> Columns:
    plain = {name: person.__data__.get(name) for name in PERSON_COLUMNS if name not in Person.SEALED}
    return plain | {name: case.open_text(f"{kind}.{name}", getattr(person, name)) for name in Person.SEALED}


WANTED = {  # labels by column of the complaint or of its pengadu
    "pengadu.nik": "NIK",
    "pengadu.phone": "Telepon/WhatsApp",
    "pengadu.address": "Alamat",
    "event_date": "Waktu kejadian",
    "event_place": "Tempat kejadian",
    "asks": "Yang diminta pengadu",
}


def missing(complaint: Any, pengadu: Person | None) -> list[str]:
    """The labels of wanted columns that are empty."""
    return [label for name, label in WANTED.items() if _lacks(complaint, pengadu, name)]


UNSORTED = "Kategori"


def missing_on_screen(complaint: Any, pengadu: Person | None) -> list[str]:
    """The same for the office, which has yet to choose a category; no paper asks the pengadu for it."""
    unsorted = category_of(complaint.category_id).code == DEFAULT_CATEGORY
    return [*([UNSORTED] if unsorted else []), *missing(complaint, pengadu)]


def _lacks(complaint: Any, pengadu: Any, name: str) -> bool:
    """Whether the column is empty; columns of an anonymous pengadu are not expected."""
    person, _, column = name.rpartition(".")
    if person:
        return not complaint.anonymous and not getattr(pengadu, column, None)
    return not getattr(complaint, column)
