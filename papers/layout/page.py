"""Renders frozen content with a paper's template to HTML; typed text is always escaped."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations, groupby, pairwise
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from markupsafe import Markup

from models.complaint.codes import code_groups
from models.complaint.complaint import Complaint, Person
from models.store.base import labels_of
from papers.engine.word_parts import hyphenated
from papers.layout import slips
from papers.layout.columns import balanced, list_room, list_widths
from papers.layout.disposition_form import disposition_form
from papers.layout.disposition_slip import disposition_fit
from papers.layout.disposition_texts import medium_and_letter, medium_and_reference
from papers.layout.formats import (
    READERS,
    Content,
    as_templates_read,
    escape_of_format,
    folders,
    format_of,
    is_hyphenated,
)
from papers.layout.glyphs import ARABIC, MISSING, width
from papers.layout.phrases import (
    TypedLine,
    addressed,
    blank,
    capitals,
    common_medium,
    common_place,
    ended,
    evidence_listed,
    in_short,
    is_alone,
    lasted,
    listed,
    lowered,
    moment,
    parted,
    pengadu,
    pengadu_and_kuasa,
    pengadu_in_a_sentence,
    printed_value,
    put_on_record,
    receiving_party,
    say,
    second_party,
    tied,
    typed_line,
    unbroken,
    unparted,
    when,
    with_area,
    with_degrees,
    wording,
)
from papers.layout.recap_tables import is_divided, main_table, recap_details
from papers.layout.slips import PT, SIZES, address_lines, line_count
from papers.layout.take_home import excerpt_share, home_slip
from sop.access import SECRECY, URGENCY
from sop.clock import WIB, zone_of
from sop.words import FILTERS, contact_in_a_sentence, contacts_in_a_sentence, in_wib, spoken_title

PLAIN = "emblem.jpg"  # the panel's own, for an office without an emblem
LONG = 300  # characters: a longer value is set as paragraphs instead of in the table
_ON_FORM = 7  # units on a Lembar Disposisi; addressed units are always on it
_TOO_LONG = 20000  # characters of a paragraph: a longer one is split, because its layout would take far longer


CLOSER = {"form_pengaduan": 4, "berkas_asesmen": 3}  # how many closer forms its template has
_FIRST_CLOSER = 5  # the first format of those templates


def closer_forms(content: Content) -> range:
    """The closer forms of this paper, each closer than the one before."""
    last = CLOSER.get(content["paper"]["key"], 0) if format_of(content) >= _FIRST_CLOSER else 0
    return range(1, last + 1)


def html(content: Content, closer: int = 0) -> str:
    """The paper as HTML, with a note on it if a character could not be printed; in one of its closer forms, or not."""
    with zone_of(content["paper"]["issued_at"]):
        environment, content = _environment(format_of(content)), as_templates_read(content)
        template = environment.get_template(f"papers/{content['paper']['key']}.html")
        with wording(content), hyphenated(is_hyphenated(content)):
            facts = {"emblem": PLAIN, **content, "closer": closer}
            page = template.render(facts, unprintable=False, arabic=False)
            notes = {"unprintable": MISSING in page, "arabic": ARABIC in page}
            return template.render(facts, **notes) if any(notes.values()) else page


_SLIPS = {
    "slips": slips,
    "disposition_fit": disposition_fit,  # of format 4
    "disposition_form": disposition_form,
    "excerpt_share": excerpt_share,
    "home_slip": home_slip,
}


@lru_cache(maxsize=len(READERS))
def _environment(number: int) -> Environment:
    """The Jinja environment of a format."""
    loader, letters = FileSystemLoader(folders(number)), partial(_in_letters, escape_of_format(number))
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, finalize=letters, lstrip_blocks=True
    )
    environment.filters |= {
        **_FURTHER_FILTERS,
        **{made.__name__: made for made in (when, moment, lines, stretches, pengadu, parted, capitals)},
        **{made.__name__: made for made in (lowered, in_short, addressed)},
        **dict.fromkeys(("printed_value", "told"), printed_value),  # the second name for the archive, templates/formats
        "wib": in_wib,
        "spoken": spoken_title,
        "contact": contact_in_a_sentence,
    }
    environment.globals |= {
        "sizes": SIZES,
        "urgencies": URGENCY,
        "secrecies": SECRECY,
        "choices_ticked": choices_ticked,
        "fitting_size": fitting_size,
        "abreast_hands": abreast_hands,
        "units_addressed": units_addressed,
        **_SLIPS,
        "blank": blank,
        "zone": WIB,
        "say": say,
        "listed": listed,
        **{party.__name__: party for party in (second_party, receiving_party)},
        **{made.__name__: pass_context(made) for made in (main_table, recap_details)},
        "of_case": labels_of(Complaint),
        "of_person": labels_of(Person),
        "contacts": contacts_in_a_sentence,
    }
    environment.tests |= {"alone": is_alone, "divided": is_divided}
    return environment


def _in_letters(letters: Callable[[str], Markup], value: Any) -> Any:
    return letters(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def lines(text: str | None) -> list[str]:
    """The non-empty lines of a text; those longer than _TOO_LONG are split at a space."""
    return [part for line in str(text or "").splitlines() if line.strip() for part in _cut(line.strip())]


def typed(text: str | None) -> list[TypedLine]:
    """As `lines`, with the styles that keep how each was typed."""
    rows = (line.rstrip() for line in str(text or "").splitlines() if line.strip())
    return [typed_line(part) for line in rows for part in _cut(line)]


def _cut(line: str) -> list[str]:
    parts = []
    while len(line) > _TOO_LONG:
        at = line.rfind(" ", 1, _TOO_LONG)
        at = at if at > 0 else _TOO_LONG
        parts.append(line[:at])
        line = line[at:].lstrip()
    return [*parts, line]


def stretches(rows: Iterable[tuple[str, Any]]) -> list[tuple[bool, list[tuple[str, str]]]]:
    """Group label and value pairs: (False, short pairs for a table) or (True, one long pair for paragraphs)."""
    parts: list[tuple[bool, list[tuple[str, str]]]] = []
    for label, value in rows:
        text = printed_value(value)
        long = _is_long(text)
        if long or not parts or parts[-1][0]:
            parts.append((long, []))
        parts[-1][1].append((label, text))
    return parts


def _is_long(text: str) -> bool:
    return len(text) > LONG or len(text.splitlines()) > 8


Pair = tuple[str, str]  # label and value


Row = list[Pair]
Columns = tuple[float, float, float, float]  # widths (mm) of label and value at the left, and at the right


def abreast(rows: Iterable[Iterable[tuple[str, Any]]], columns: Columns, size: float) -> list[tuple[bool, list[Row]]]:
    """The rows of a table, each of one pair or of two, in groups: (False, rows of equally many pairs) or (True, rows of
    one long pair for paragraphs). What is empty is left out; two pairs that are not both short follow one another."""
    parted = list[Row]()
    for row in rows:
        pairs = [(label, printed_value(value)) for label, value in row if value]
        whole = all(_is_short(pair, columns[2 * at :][:2], size) for at, pair in enumerate(pairs))
        parted += [pairs] if pairs and whole else [[pair] for pair in pairs]
    groups = groupby(parted, key=lambda row: (_is_long(row[0][1]), len(row)))
    return [(long, list(group)) for (long, _), group in groups]


def _is_short(row: Pair, widths: tuple[float, ...], size: float) -> bool:
    """Whether label and value fit on one line each."""
    (label, value), (of_label, of_value) = row, (wide * PT for wide in widths)
    return "\n" not in value and line_count(value, of_value, size) == line_count(label, of_label, size) == 1


def choices_ticked(chosen: list[str], offered: Iterable[str]) -> list[tuple[str, bool]]:
    """(choice, ticked) for each choice that a form offers, then for choices that it does not offer."""
    return [(word, word in chosen) for word in dict.fromkeys((*offered, *chosen))]


def units_addressed(order: Content, units: Iterable[str]) -> list[str]:
    """The units on a Lembar Disposisi: the lead unit, others that are addressed, then the rest up to _ON_FORM."""
    chosen = list(dict.fromkeys((order["unit"], *order["others"])))
    return [*chosen, *(name for name in units if name not in chosen)][: max(_ON_FORM, len(chosen))]


def fitting_size(texts: list[str], room: float, *, most: float, least: float = 9) -> float:
    """The largest font size (pt, in steps of a half) at which each bold line fits into `room` (pt)."""
    widest = max((width(text) for text in texts), default=1) or 1
    return min(most, max(least, int(2 * room / widest) / 2))


def signing(content: Mapping[str, Any], who: Content, role: str) -> Content:
    """A signer with the signature field of his role; without one on a draft or a void paper, or if he is not among the
    paper's signers."""
    paper = content["paper"]
    roles = {signer["role"]: signer["as"] for signer in content.get("signers", ())}
    if paper["draft"] or paper.get("void") or role not in roles:
        return who
    return {**who, "field": {"name": role, "label": roles[role]}}


_FURTHER_FILTERS: dict[str, Callable[..., Any]] = {  # our own are called by templates since format 5
    **FILTERS,
    "abreast": abreast,
    "address_lines": address_lines,
    "balanced": balanced,
    "code_groups": code_groups,
    "common_medium": common_medium,
    "common_place": common_place,
    "ended": ended,
    "lasted": lasted,
    "list_room": list_room,
    "list_widths": list_widths,
    "medium_and_letter": medium_and_letter,
    "medium_and_reference": medium_and_reference,
    "pengadu_and_kuasa": pengadu_and_kuasa,
    "pengadu_in_a_sentence": pengadu_in_a_sentence,
    "put_on_record": put_on_record,
    "signing": pass_context(signing),
    "typed": typed,
    "with_area": with_area,
    "unbroken": unbroken,
    "tied": tied,
    "evidence_listed": evidence_listed,
    "unparted": unparted,
    "with_degrees": with_degrees,
}


_LETTERS, _TITLE_LINES = 11, 3  # of one of three signatures: letters (pt), lines of its title
_NAME_LINES = (4, 3)  # of its name: above nothing, and above a NIP
_APART, _MARGINS = 6, 50  # mm: from one signature to the next at least, left and right of the text of a sheet
_DOTS = "…" * 16  # for a name by hand, as the macro `under_hand` has them
_SPARE, _WHOLE = 1.5, 36 * PT  # pt: free beside the letters of a signature; a title as narrow as that is not parted


class HandColumn(NamedTuple):
    """Of a signature: its share of the width in per cent, and what is left of it before and after the letters (mm)."""

    share: float
    before: float
    after: float


@dataclass(frozen=True)
class Abreast:
    """Three signatures beside one another: their columns, and the lines of each name."""

    columns: list[HandColumn]
    names: list[list[str]]


def abreast_hands(office: Content, signers: list[Content]) -> Abreast | None:
    """Three signatures on a sheet of the office; names over more lines where they need it, each as narrow as an equal
    column, that first which gives most of what is lacking, of two that of fewer lines; dots where a name is not known.
    None if that is too little, or a title takes more than three lines."""
    wide = (SIZES.get(office["size"], SIZES["F4"])[0] - _MARGINS) * PT
    names = [[with_degrees(signer.get("name") or _DOTS)] for signer in signers]
    widths = [_hand_width(*hand) for hand in zip(signers, names, strict=True)]
    column = max(wide / 3 - _APART * PT, *(_hand_width(signer, []) for signer in signers))
    while (lacking := sum(widths) + (len(signers) - 1) * _APART * PT - wide) > 0:
        parted = {at: _parted_name(column, signers[at], names[at]) for at in _partable(signers, names)}
        narrower = {at: _hand_width(signers[at], lines) for at, lines in parted.items()}
        at = max(parted, key=lambda at: (min(lacking, widths[at] - narrower[at]), -len(parted[at])), default=-1)
        if at < 0 or narrower[at] >= widths[at]:
            return None
        names[at], widths[at] = parted[at], narrower[at]
    if any(_title_lines(*hand) > _TITLE_LINES for hand in zip(signers, widths, strict=True)):
        return None
    return Abreast(_columns(wide, _middles(wide, widths), widths), names)


def _middles(wide: float, widths: list[float]) -> list[float]:
    """Where the middles of three signatures stand (pt): the second amid the width, the others as far from it as three
    equal columns, or as their letters need; where a margin is in the way of the wider, the second moves as little as it
    must, and the narrower as far from it as its own margin allows."""
    left, middle, right = widths
    outer = max(left, right)
    least, most = middle / 2 + _APART * PT + outer / 2, (wide - outer) / 2
    if least <= most:
        away = min(max(wide / 3, least), most)
        return [wide / 2 - away, wide / 2, wide / 2 + away]
    if left < right:
        return [max(left / 2, wide - right / 2 - 2 * least), wide - right / 2 - least, wide - right / 2]
    return [left / 2, left / 2 + least, min(wide - right / 2, left / 2 + 2 * least)]


def _columns(wide: float, middles: list[float], widths: list[float]) -> list[HandColumn]:
    """The columns of signatures of these widths around their middles (pt); two meet halfway between their letters."""
    hands = list(zip(middles, widths, strict=True))
    ends = [(one + a / 2 + other - b / 2) / 2 for (one, a), (other, b) in pairwise(hands)]
    columns = []
    for begin, end, (middle, letters) in zip((0.0, *ends), (*ends, wide), hands, strict=True):
        half = max(letters / 2, min(middle - begin, end - middle) - _APART * PT / 2)
        columns.append(HandColumn((end - begin) / wide * 100, (middle - half - begin) / PT, (end - middle - half) / PT))
    return columns


def _partable(signers: list[Content], names: list[list[str]]) -> Iterator[int]:
    """Which of the names may take one more line."""
    for at, (signer, lines) in enumerate(zip(signers, names, strict=True)):
        if len(lines) < _most_lines(signer, lines):
            yield at


def _most_lines(signer: Content, lines: list[str]) -> int:
    return min(_NAME_LINES[bool(signer.get("nip"))], len(" ".join(lines).split(" ")))


def _parted_name(room: float, signer: Content, lines: list[str]) -> list[str]:
    """A name over the fewest more lines that fit into `room` (pt), if any do, else over as many as it may take."""
    counts = range(len(lines) + 1, _most_lines(signer, lines) + 1)
    parted = [_over_lines(" ".join(lines), count) for count in counts]
    return next((rows for rows in parted if _hand_width(signer, rows) <= room), parted[-1])


def _over_lines(name: str, count: int) -> list[str]:
    """A name over so many lines of about one length."""
    words = name.split(" ")
    ends = (pairwise((0, *at, len(words))) for at in combinations(range(1, len(words)), count - 1))
    return min(([" ".join(words[a:b]) for a, b in of] for of in ends), key=lambda rows: max(map(width, rows)))


def _hand_width(signer: Content, names: list[str]) -> float:
    """The width (pt) of a signature whose lines are not parted, except for a long title."""
    title = min(_WHOLE, max(map(_plain_width, _titles(signer))))
    plain = max(map(_plain_width, (signer.get("pangkat") or "", f"NIP. {signer.get('nip') or ''}")))
    return max(title, plain, *(width(line) * _LETTERS for line in names)) + _SPARE


def _plain_width(line: str) -> float:
    return width(line, "LiberationSans-Regular") * _LETTERS


def _titles(signer: Content) -> list[str]:
    return capitals(f"{signer.get('title') or ''},")


def _title_lines(signer: Content, wide: float) -> int:
    """The lines of a title in capitals above a signature."""
    return sum(line_count(line, wide, _LETTERS) for line in _titles(signer))
