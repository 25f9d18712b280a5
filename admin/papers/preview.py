"""What the office's papers and letters look like with a value that is only typed: drawn, and printed to prove it."""

from typing import NamedTuple

from flask import url_for
from markupsafe import Markup

from models.case.sample import KINDS, contents, printed_on
from models.case.sheets import KIND
from models.complaint.paper import Content
from models.letters.letter import Words
from models.letters.to_pengadu import sample_letter
from models.office import wording
from models.office.settings import Settings
from models.office.wording import LETTER, PREFIX, WORDING
from models.store.base import now
from models.store.bounded import Crowded
from papers.layout.screen import sheet
from papers.printing import press
from papers.printing.failure import PrintError

LETTER_SAMPLE = "Contoh surel"
CROWDED = (
    "Contohnya belum dapat dicetak: cetakan lain masih dikerjakan. Yang Anda ketik tetap ada; simpan sebentar lagi."
)


class DrawnSheet(NamedTuple):
    """A paper as a part of a page, with its kind and its title."""

    kind: str
    title: str
    page: Markup


def sample_contents(settings: Settings, kinds: tuple[str, ...], key: str = "", picture: bytes = b"") -> list[Content]:
    """The sample papers; `picture` is an emblem that is not kept yet."""
    made = contents(settings, kinds, at=now(), key=key)
    return [{**content, "emblem": wording.inline(picture)} for content in made] if picture else made


def sample_sheets(settings: Settings, key: str) -> list[DrawnSheet]:
    """Each paper on which a setting is seen, or the letter that it is the text of."""
    if (text := WORDING.get(key.removeprefix(PREFIX))) and text.is_letter:
        return [_drawn_letter(sample_letter(text, settings, now()))]
    made = contents(settings, printed_on(key), at=now(), key=key)
    return [drawn_sheet(content, KINDS[content["paper"]["key"]]) for content in made]


def _drawn_letter(words: Words) -> DrawnSheet:
    page = Markup('<p><strong>{}</strong></p><p class="pre">{}</p>').format(words.subject, words.text)
    return DrawnSheet(LETTER, LETTER_SAMPLE, page)


def drawn_sheet(content: Content, title: str) -> DrawnSheet:
    page = sheet(content, emblem=emblem_address(content["office"]["emblem"]))
    return DrawnSheet(content["paper"]["key"], title, page)


def emblem_address(name: str) -> str:
    """Where a browser finds the emblem of a letterhead."""
    return url_for("lambang.picture", code=wording.short(name)) if name else url_for("static", filename="emblem.png")


def sample_pdf(content: Content) -> bytes:
    """One paper of the sample, marked; the blank form has nothing that could be taken for issued."""
    return press.loose_pdf(content) if content["paper"]["key"] == KIND else press.draft_pdf(content)


def print_objection(settings: Settings, key: str, picture: bytes = b"") -> str:
    """The sentence why a setting cannot be printed, found out by printing each paper that it is seen on."""
    for content in sample_contents(settings, _proving_kinds(key), key, picture):
        try:
            sample_pdf(content)
        except PrintError as failed:
            return f"Contoh {KINDS[content['paper']['key']]} tidak dapat dicetak dengan isian ini. {failed}"
        except Crowded:
            return CROWDED
    return ""


def _proving_kinds(key: str) -> tuple[str, ...]:
    """A letterhead is the same on every paper: two short ones, a sheet and a slip, prove it in a second."""
    kinds = printed_on(key)
    return kinds[1:3] if kinds == tuple(KINDS) else kinds
