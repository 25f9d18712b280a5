"""NIK, telephone numbers and mail addresses that stand in what is told: moved with one tap into the sealed blanks of
whoever they are of, or left there and masked for whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from flask import Response, jsonify, make_response, render_template, request

from admin.intake.entryform import PERSON_FIELDS, EntryForm
from models.fields.contacts import FoundNumbers, masked_words
from models.fields.mask import masked_text
from models.store.base import canonical
from models.tables.complaint import PERSONS

LIFT = "lift:"  # the button that moves them, before whose they are
KNOWN = "numbers"  # those that the page has told of
OWNERS = ("pengadu", "yang_bersangkutan")
KINDS = {"nik": "NIK", "phone": "nomor telepon", "email": "alamat surel"}
LONGEST = 100  # letters of a blank that holds several
SEVERAL = ("phone",)  # blanks that may hold more than one


@dataclass(frozen=True)
class TypedNumbers:
    """What stands in the texts of a form."""

    found: FoundNumbers

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def lines(self) -> list[str]:
        """What was found, masked as it will be read: NIK 35********0007."""
        return [f"{word} {masked_text(kind, one)}" for kind, word in KINDS.items() for one in self.found.all_of(kind)]

    @property
    def mark(self) -> str:
        """Of just these, for the page that has told of them."""
        return sha256(canonical([self.found.all_of(kind) for kind in KINDS]).encode()).hexdigest()[:16]

    @property
    def ways(self) -> list[tuple[str, str]]:
        """The buttons: the word that they send, and whose the numbers would be."""
        return [(f"{LIFT}{kind}", PERSONS[kind].partition(" (")[0].lower()) for kind in OWNERS]


def typed_numbers(form: EntryForm) -> TypedNumbers:
    """Those of the form's texts that are not the office's own."""
    numbers = FoundNumbers()
    for _, text in _texts_of(form):
        if masked_words(text) != text:
            numbers.without_numbers(text)
    return TypedNumbers(numbers)


def untold_numbers(form: EntryForm, before: EntryForm | None = None) -> TypedNumbers | None:
    """The same if neither the page has told of them yet nor they stood there before; nobody in danger waits for it
    until the case is taken down."""
    numbers, waits = typed_numbers(form), before or not form.emergency.data
    known = [request.form.get(KNOWN), *([typed_numbers(before).mark] if before else [])]
    return numbers if numbers and waits and numbers.mark not in known else None


def _texts_of(form: EntryForm) -> Iterator[tuple[str, str]]:
    for name in form.told:
        if isinstance(form[name].data, str):
            yield name, form[name].data


def owner_wanted() -> str:
    """Whose the numbers are, as the pressed button says; "" if none of these was pressed."""
    kind = request.form.get("do", "").removeprefix(LIFT)
    return kind if request.form.get("do") == f"{LIFT}{kind}" and kind in OWNERS else ""


def lift_numbers(form: EntryForm, kind: str) -> None:
    """Move what has room in the person's blanks; what has none stays where it was told."""
    numbers, rest = typed_numbers(form).found, set[str]()
    for column in KINDS:
        for number in numbers.all_of(column):
            if not _takes(form, kind, column, number):
                rest |= {number, f"62{number[1:]}" if column == "phone" and number.startswith("0") else number}
    for name, text in _texts_of(form):
        if masked_words(text) != text:
            form[name].data = _lifted(text, rest, leaves_mask=not name.endswith("-name"))


def _lifted(text: str, rest: set[str], *, leaves_mask: bool) -> str:
    """A text without the numbers that found room; a name keeps no mark of them."""
    words = FoundNumbers(spared=rest, leaves_mask=leaves_mask).without_numbers(text)
    return words if leaves_mask else " ".join(words.split()).strip(" ,;:/()-")


def _takes(form: EntryForm, kind: str, column: str, number: str) -> bool:
    """Whether the blank holds the number now."""
    if column not in PERSON_FIELDS[kind]:
        return False
    blank = form[f"{kind}-{column}"]
    held = str(blank.data or "").strip()
    before = FoundNumbers()
    before.without_numbers(held)
    if number in (held, *before.all_of(column)):
        return True
    joined = f"{held}, {number}" if held else number
    if (held and column not in SEVERAL) or len(joined) > LONGEST:
        return False
    blank.data = joined
    return True


def numbers_part(form: EntryForm) -> Response:
    """What is found while one types, as a small page that a script takes it from."""
    return make_response(render_template("admin/intake/_numbers.html", numbers=typed_numbers(form), alone=True))


def lifted_part(form: EntryForm) -> Response:
    """The blanks that the tap has changed, for a script that leaves everything else as it is typed."""
    names = [*(name for name, _ in _texts_of(form)), *(f"{kind}-{column}" for kind in OWNERS for column in KINDS)]
    values = [(name, form[name].data or "") for name in names if name in form]
    return jsonify({name: value for name, value in values if value != request.form.get(name, "")})
