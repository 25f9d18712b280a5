"""What keeps an entry from being kept, a sentence by field: little is required, and NIK and contact never object."""

from datetime import datetime
from typing import Any

from models.entry.deadlines import uncountable
from models.entry.typed import PERSON_TEXTS, TEXTS, Persons, Typed
from models.office.lists import Category, Kelurahan, Medium
from models.office.settings import LAW_CLASSES
from models.store.base import Model
from models.tables.complaint import Complaint, Person
from sop.access import SECRECY, URGENCY

FUTURE = "Waktu diterima tidak boleh di masa depan."


def entry_objections(data: Typed, persons: Persons, at: datetime) -> dict[str, str]:
    """What is wrong with what was typed; `at` is the moment of recording, after which nothing is received."""
    sentences = {
        "medium": "" if _is_there(Medium, data.get("medium")) else "Pilih media pengaduan.",
        "story": "" if str(data.get("story") or "").strip() else "Tuliskan apa yang terjadi.",
        "pengadu.name": "" if _is_named(data, persons) else "Isi nama pengadu, atau tandai anonim.",
        "received_at": _moment_objection(data.get("received_at"), at),
    }
    for kind, person in persons.items():
        sentences |= _too_long(Person, PERSON_TEXTS, person, f"{kind}.")
    sentences |= {**_too_long(Complaint, TEXTS, data, ""), **_unknown(data)}
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _is_there(model: type[Model], number: Any) -> bool:
    return bool(number) and model.get_or_none(model.id == number) is not None


def _is_named(data: Typed, persons: Persons) -> bool:
    """Whether it is known who complains, or that nobody is to know."""
    return bool(data.get("anonymous") or str(persons.get("pengadu", {}).get("name") or "").strip())


def _moment_objection(received: datetime | None, at: datetime) -> str:
    return FUTURE if received and received > at else uncountable(received or at)


def _too_long(model: Any, names: tuple[str, ...], typed: Typed, prefix: str) -> dict[str, str]:
    limits = {n: getattr(model._meta.fields[n], "max_length", None) for n in names}
    return {
        f"{prefix}{n}": f"{model._meta.fields[n].verbose_name} paling panjang {limit} huruf."
        for n, limit in limits.items()
        if limit and len(str(typed.get(n) or "")) > limit
    }


def _unknown(data: Typed) -> dict[str, str]:
    lists = {"category": Category, "kelurahan": Kelurahan}
    choices = {"secrecy": SECRECY, "urgency": URGENCY, "law_class": LAW_CLASSES}
    unknown = [name for name, model in lists.items() if data.get(name) and not _is_there(model, data[name])]
    unknown += [name for name, words in choices.items() if data.get(name) and data[name] not in words]
    return dict.fromkeys(unknown, "Pilihan tidak dikenal.")
