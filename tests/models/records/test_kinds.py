"""The kinds of blanks: one table formats, invents and asks for each; an unknown one stops the start."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import peewee as pw
import pytest

from admin.lists import inputs
from models.records.fields import KINDS, UnknownKind, blanks_in_words, check, kind_of
from models.records.in_words import Names, frozen_blanks, in_order, value_in_words
from models.records.registry import RECORDS
from models.store.base import Json, as_stored, canonical
from sop.clock import WIB
from tests.office import Office

NOON = datetime(2027, 2, 27, 12, 5, tzinfo=WIB)


class Slip:
    """A form with one blank."""

    def __init__(self, field: pw.Field) -> None:
        field.name, field.model = "blank", Slip
        self.field = field

    def blanks(self) -> list[pw.Field]:
        return [self.field]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2027, 2, 27), "27 Februari 2027"),
        (NOON, "27 Feb 2027 pukul 12.05 WIB"),
        (time(9, 30), "09.30"),
        (Decimal("2.50000"), "2,5"),
        (Decimal("1234.05"), "1.234,05"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1.000"),
        (0.25, "0,25"),
        (0, "0"),
        (1500000, "1.500.000"),
        (True, "Ya"),
        (False, "Tidak"),
        (None, "–"),
        (" ", "–"),
        ([], "–"),
        (["a", "b"], "a; b"),
        ("2027", "2027"),
    ],
)
def test_a_value_reads_as_the_office_writes_it(value: Any, words: str) -> None:
    assert value_in_words(value, between="; ", nothing="–") == words


@pytest.mark.parametrize("key", RECORDS)
def test_words_stand_in_the_order_of_the_form_and_survive_canonical_json(office: Office, key: str) -> None:
    form = RECORDS[key]
    blanks = {f.name: kind_of(f).invented(f, NOON) for f in reversed(form.blanks())}
    words = blanks_in_words(form, blanks, Names())
    labels = [str(f.verbose_name) for f in form.blanks()]
    assert list(words) == [label for label in labels if label in words]
    assert list(in_order(json.loads(canonical(frozen_blanks(words)))).items()) == list(words.items())


def test_entries_without_a_stored_order_are_listed_as_stored() -> None:
    assert in_order({"blanks": {"Alasan": "b", "Catatan": "a"}}) == {"Alasan": "b", "Catatan": "a"}
    assert in_order({}) == {}


@pytest.mark.parametrize("field", [pw.UUIDField(), pw.TimestampField(), pw.DateTimeField(), pw.BlobField(), Json()])
def test_a_field_of_an_unknown_kind_is_refused_with_its_name(field: pw.Field) -> None:
    with pytest.raises(UnknownKind, match=rf"Slip\.blank: {type(field).__name__} belum dikenal.*Yang dikenal: BigInt"):
        check([Slip(field)])


def test_every_kind_has_a_form_input_and_a_missing_one_is_reported() -> None:
    assert list(inputs.INPUTS) == [kind.key for kind in KINDS]
    with pytest.raises(UnknownKind, match="Jenis isian moment, time belum mempunyai kolom isian"):
        inputs.check(inputs.INPUTS.keys() - {"moment", "time"})


def test_a_decimal_is_the_same_to_the_digest_on_every_database() -> None:
    assert [as_stored(Decimal(text)) for text in ("2.50000", "3.00000")] == [2.5, 3]
    assert canonical([as_stored(Decimal("3.00000"))]) == "[3]"
