"""A telephone number as people type it, and as the world dials it: 62…, whatever stands between the digits."""

import re
from collections.abc import Iterator
from urllib.parse import quote

COUNTRY = "62"
MOBILE = f"{COUNTRY}8"
_RUN = re.compile(r"\+?\(?\d[\d ().-]*", re.ASCII)  # what could be a number, in a text that may hold several
_GAP = re.compile(r"\s+(?=\(?(?:\+|0|62|8))", re.ASCII)  # where a second number may begin
LONGEST = 2_000  # letters that are looked through: a blank may be as long as a form
_LEAST, _MOST = 10, 15  # digits, the country's among them


def international(typed: str) -> str:
    """6281234567890 of 0812-3456-7890; "" for what is not one whole number: words, a short code, a local number."""
    if not _RUN.fullmatch(typed.strip()):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    if typed.strip().startswith("+") or digits.startswith("00"):
        world = digits.removeprefix("00")
    elif digits.startswith(COUNTRY):
        world = digits
    else:
        world = f"{COUNTRY}{digits}" if digits.startswith(("0", "8")) else ""
    if world.startswith(COUNTRY):
        world = COUNTRY + world.removeprefix(COUNTRY).lstrip("0")  # +62 (0)812
    return world if _LEAST <= len(world) <= _MOST else ""


def numbers_in(text: str) -> list[str]:
    """The whole numbers of a text as the world dials them, each once."""
    return list(dict.fromkeys(world for run in _RUN.findall(text[:LONGEST]) for world in _numbers_of(run)))


def _numbers_of(run: str) -> Iterator[str]:
    """The number that the digits are; several where nothing but a blank stands between them."""
    if world := international(run):
        yield world
        return
    parts, place = _GAP.split(run), 0
    while place < len(parts):
        ends = range(place + 1, min(place + _MOST, len(parts)) + 1)
        numbers = ((end, international(" ".join(parts[place:end]))) for end in ends)
        end, world = next(((end, world) for end, world in numbers if world), (place + 1, ""))
        if world:
            yield world
        place = end


def call_link(world: str) -> str:
    return f"tel:+{world}"


def chat_link(world: str, message: str = "") -> str:
    """WhatsApp with this number, the message ready to be sent; "" for a landline of our own, where nobody would read
    it."""
    ready = f"?text={quote(message, safe='')}" if message else ""
    return f"https://wa.me/{world}{ready}" if world.startswith(MOBILE) or not world.startswith(COUNTRY) else ""
