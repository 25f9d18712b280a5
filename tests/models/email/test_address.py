"""What an address may be: one, in ASCII; everything else is refused in a sentence that says what is wanted."""

import pytest

from models.email.message import MISSHAPEN, ODD_LETTERS, SEVERAL, TOO_LONG, address_objection

GOOD = (
    "",
    "rina@contoh.go.id",
    "rina.wulandari+panel@dinsos.contoh.go.id",
    "o'neil_1@xn--bcher-kva.example",
    "a@b.id",
    f"{'n' * 64}@{'d' * 63}.{'d' * 63}.{'d' * 55}.id",
)
BAD = {
    f"{'a' * 288}@contoh.go.id": TOO_LONG,
    f"{'n' * 65}@contoh.go.id": MISSHAPEN,
    f"n@{'d' * 64}.id": MISSHAPEN,
    "rina@contoh.go.id, agus@contoh.go.id": SEVERAL,
    "rina@contoh.go.id;agus@contoh.go.id": SEVERAL,
    "rina@contoh.go.id agus@contoh.go.id": SEVERAL,
    "rina@contoh.go.id\r\nBcc: agus@contoh.go.id": SEVERAL,
    "rina@contoh.go.id\r\nBcc: agus": MISSHAPEN,
    "rina@contoh.go.id\n": MISSHAPEN,
    "rina\r\n@contoh.go.id": MISSHAPEN,
    "\0rina@contoh.go.id": MISSHAPEN,
    "rina@bücher.example": ODD_LETTERS,
    "riná@contoh.go.id": ODD_LETTERS,
    "rina@contoh。id": ODD_LETTERS,
    "Rina Wulandari <rina@contoh.go.id>": MISSHAPEN,
    '"rina wulandari"@contoh.go.id': MISSHAPEN,
    "rina(kantor)@contoh.go.id": MISSHAPEN,
    "rina@[127.0.0.1]": MISSHAPEN,
    "rina@127.0.0.1": MISSHAPEN,
    "rina@localhost": MISSHAPEN,
    "rina@-contoh.id": MISSHAPEN,
    "rina@contoh..id": MISSHAPEN,
    ".rina@contoh.id": MISSHAPEN,
    "=?utf-8?q?rina=0D=0ABcc=3Aagus?=@contoh.id": MISSHAPEN,
    "rina.@contoh.id": MISSHAPEN,
    "rina": MISSHAPEN,
    "@contoh.id": MISSHAPEN,
}


@pytest.mark.parametrize("typed", GOOD)
def test_a_valid_address_is_accepted(typed: str) -> None:
    assert address_objection(typed) == ""


@pytest.mark.parametrize(("typed", "sentence"), BAD.items())
def test_what_is_no_address_or_more_than_one_is_refused_in_a_sentence(typed: str, sentence: str) -> None:
    assert address_objection(typed) == sentence
