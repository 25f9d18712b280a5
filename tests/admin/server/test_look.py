"""The look in one place: one typeface, one scale of type and space, one file of icons."""

import re
from pathlib import Path

from flask import Flask

from admin import menu
from tests.admin.doors import Visitor, signed_in

ROOT = Path(__file__).resolve().parents[3]
STATIC, SCREENS = ROOT / "static", ROOT / "templates/admin"
SHEETS = ("panel", "sop")
SCALE = ("--xs", "--sm", "--md", "--lg", "--xl", "--xxl")
OF_LISTS = re.compile(
    r"\.(list|brief|cases|deeds|prints|pager|turns|jump|bulk|tick|weeks|acts?)\b"
    r"|\.(find|filters?|filter-buttons|search|clear)\b"
)
OF_PAPERS = re.compile(r"\.naskah\b")


def rules() -> list[tuple[str, str]]:
    """Selector and declarations of each rule for screens, those of lists and of papers left out."""
    found = []
    for name in SHEETS:
        text = re.sub(r"/\*.*?\*/", "", (STATIC / f"css/{name}.css").read_text(encoding="utf-8"), flags=re.S)
        found += re.findall(r"([^{}]+)\{([^{}]*)\}", text)
    return [one for one in found if not OF_LISTS.search(one[0]) and not OF_PAPERS.search(one[0])]


def test_the_typeface_is_small_preloaded_and_cached_for_ever_under_one_address(panel: Flask) -> None:
    stranger = Visitor(panel)
    preloaded = re.search(r'<link rel="preload" href="([^"]+)" as="font"', stranger.get("/masuk").text)
    named = re.search(r'@font-face[^}]+url\("\.\./(fonts/[^"]+)"\)', (STATIC / "css/panel.css").read_text())
    assert preloaded
    assert named
    assert preloaded[1] == f"/static/{named[1]}"  # otherwise it is fetched twice
    with stranger.get(preloaded[1]) as answer:
        assert answer.headers["Cache-Control"].endswith("immutable")
        assert len(answer.data) <= 60_000


def test_every_size_of_type_is_one_of_the_scale() -> None:
    sizes = [
        (selector.strip(), size)
        for selector, body in rules()
        for size in re.findall(r"font-size: ([^;]+)", body)
        if not size.endswith(("em", "pt")) or size.endswith("rem")  # em: a mark in proportion to its word
    ]
    assert len(sizes) > 30
    assert not [one for one in sizes if not one[1].startswith("var(") or one[1][4:-1] not in SCALE]


def test_space_goes_in_steps_of_four_pixels_and_of_two_within_a_line() -> None:
    wrong = []
    for selector, body in rules():
        for declared in re.findall(r"(?:^|[\s;])(?:margin|padding|(?:row-|column-)?gap)[a-z-]*: ([^;]+)", body):
            for rem in re.findall(r"(?<![\w.])([\d.]+)rem", re.sub(r"[a-z]+\([^)]*\)", "", declared)):
                pixels = float(rem) * 16
                wrong += [(selector.strip(), declared)] if pixels % 4 and pixels != 2 else []
    assert not wrong


def test_every_icon_is_drawn_in_the_sprite_and_none_lies_there_unused() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    pages = "".join(page.read_text(encoding="utf-8") for page in SCREENS.rglob("*.html"))
    named = set(re.findall(r"""(?:icon\(|symbol=)["']([\w-]+)["']""", pages)) | {*menu.ICONS.values(), menu.ANY_PAGE}
    assert named == drawn


def test_an_icon_stands_beside_a_word_and_is_hidden_from_screen_readers(panel: Flask, office: object) -> None:
    page = signed_in(panel, "kadis").get("/pengaduan/").text
    icons = re.findall(r"<svg class=\"icon\"[^>]*>.*?</svg>(?:<p>)?([^<]*)", page)
    assert len(icons) >= 5
    assert all(word.strip() for word in icons)
    assert page.count('<svg class="icon" aria-hidden="true">') == len(icons)
