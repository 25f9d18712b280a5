"""Lembar Disposisi: one half sheet whatever stands on it, and a signed Lampiran for what does not fit."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bench.variants import NAME, NINE, POST, SEVEN, TITLE
from papers.layout.phrases import capitals, listed
from papers.layout.screen import sheet
from papers.printing.render import pdf
from tests.papers.chance import lists, texts
from tests.papers.contents import HEAD, content
from tests.papers.reading import flow, pages, said, sizes, words

HEAD_HIGH = 10 * 0.72  # of the capitals of the name, pt
FURNITURE = {1.5, 2.0, 8.0}  # rules, the foot, the cutting line
MARKS = {
    "": "",
    "konsep": "KONSEPBelumterbitdanbelumberlakusebagaidokumendinas",
    "batal": "BATALDokumeninitidakberlakulagi",
}
OFFERED = listed("lembar_disposisi.instructions")  # by the panel


def slip(
    *, units: list[str] = SEVEN, mark: str = "", full: bool = False, size: str = "F4", **parts: Any
) -> dict[str, Any]:
    """A disposition to the second unit; `parts` are its blanks, its title, and who signs."""
    return content(
        "lembar_disposisi",
        units=units,
        paper={"draft": mark == "konsep", "void": mark == "batal"},
        office={"disposition": "full" if full else "half", "size": size},
        complaint={"title": parts.pop("title", TITLE[:40]), "is_secret": parts.pop("secret", False)},
        signer=parts.pop("signer", {}),
        wording={"lembar_disposisi.instructions": "\n".join(parts.pop("offered", OFFERED))},
        records={"disposition": {"blanks": {"unit": units[1], "others": [], **parts}}},
    )


def is_whole(frozen: dict[str, Any], printed: bytes, mark: str = "") -> None:
    """One slip, each page signed and with text of its own, nothing small, nothing lost."""
    signer = frozen["signer"]
    signed = [words("".join(capitals(signer["title"]))), words(signer["name"]), words(signer["nip"])]
    sheet = (215, 330) if frozen["office"]["disposition"] == "full" else (215, 165)
    for number, page in enumerate(PdfReader(io.BytesIO(printed)).pages, 1):
        text = page.extract_text()
        assert (round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)) == sheet
        assert all(part in words(text) for part in signed), number
        assert words(frozen["complaint"]["number"]) in words(text), number
        assert words(flow(text)).replace(MARKS[mark], ""), number
        assert ("LAMPIRANLEMBARDISPOSISI" in words(text)) == (number > 1), number
        assert ("RAHASIA" in text) == frozen["complaint"]["is_secret"], number
    blanks, text = frozen["records"]["disposition"]["blanks"], "".join(words(flow(page)) for page in pages(printed))
    text = text.replace(MARKS[mark], "") if mark else text
    chosen = [blanks["unit"], *blanks["others"], *blanks["named"], *blanks["instructions"]]
    lost = [
        one for one in (frozen["complaint"]["title"], *chosen, *blanks["note"].split("\n")) if words(one) not in text
    ]
    assert lost == []
    assert min(sizes(printed) - FURNITURE) >= 9


DISPOSITIONS = st.fixed_dictionaries(
    {
        "units": lists(14, 2, 60),
        "title": texts(120),
        "named": lists(6, 0, 60),
        "instructions": lists(12, 0, 45),
        "note": st.one_of(texts(60), st.lists(texts(400), max_size=5).map("\n".join)),
        "signer": st.fixed_dictionaries({"name": texts(60), "title": texts(120)}),
        "secret": st.booleans(),
        "full": st.booleans(),
        "mark": st.sampled_from([*MARKS]),
    }
)


@settings(max_examples=10)
@given(parts=DISPOSITIONS, others=st.integers(0, 12))
def test_any_disposition_is_one_slip_and_a_signed_lampiran(parts: dict[str, Any], others: int) -> None:
    drawn = slip(**parts, others=parts["units"][2:][:others])
    is_whole(drawn, pdf(drawn), parts["mark"])


@pytest.mark.soak
@settings(max_examples=600)
@given(parts=DISPOSITIONS, others=st.integers(0, 12))
def test_any_of_many_dispositions_is_one_slip_and_a_signed_lampiran(parts: dict[str, Any], others: int) -> None:
    drawn = slip(**parts, others=parts["units"][2:][:others])
    is_whole(drawn, pdf(drawn), parts["mark"])


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("count", [2, 5, 7, 14])
def test_the_grid_of_two_to_fourteen_units_stands_on_one_sheet(count: int, full: bool) -> None:
    units = [*SEVEN, *(f"{name} Wilayah II" for name in SEVEN)][:count]
    frozen = slip(units=units, others=units[:1], full=full, note="Mohon dikunjungi minggu ini dan dilaporkan hasilnya.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1
    assert [name for name in units if words(name) not in said(printed)] == []
    assert said(printed).split("Diteruskankepada")[1].count("☑") == 4  # two units, two instructions


@pytest.mark.parametrize("count", [0, 2, 9])
def test_every_unit_that_is_addressed_stands_on_the_disposition(count: int) -> None:
    units = [f"Unit kerja {n}" for n in range(20)]
    frozen = slip(units=[units[0], units[19], *units[1:19]], others=units[:count])
    text = said(pdf(frozen))
    assert text.count("☑Unitkerja") == count + 1
    assert text.count("Unitkerja") == 14


def test_names_of_sixty_and_titles_of_a_hundred_and_twenty_characters_fit_on_the_slip() -> None:
    assert (len(NAME), len(TITLE), len(POST)) == (60, 120, 120)
    frozen = slip(title=TITLE, named=[NAME], signer={"name": NAME, "title": POST}, note="Mohon dikunjungi minggu ini.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1


def test_what_is_as_long_as_the_panel_takes_it_still_stands_on_one_slip() -> None:
    signer = {"name": "W" * 120, "title": "W" * 200, "pangkat": "W" * 60}
    frozen = slip(title="W" * 200, note="Mohon dikunjungi. " * 60, signer=signer)
    is_whole(frozen, pdf(frozen))
    frozen = slip(note="Mohon dikunjungi. " * 60)
    frozen["complaint"]["number"] = f"PGD/{'9' * 50}/XI/2026"[:60]
    frozen["persons"]["pengadu"]["name"] = "Nama Pengadu yang Panjang Sekali " * 4
    is_whole(frozen, pdf(frozen))


def test_nine_instructions_stand_on_the_slip() -> None:
    frozen = slip(offered=NINE, instructions=NINE[:4], note="Mohon dikunjungi minggu ini dan dilaporkan hasilnya.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1


@pytest.mark.parametrize("mark", [*MARKS])
@pytest.mark.parametrize(("full", "size"), [(False, "F4"), (True, "F4"), (True, "A4")])
def test_a_long_note_goes_to_a_signed_lampiran_and_the_slip_says_so(full: bool, size: str, mark: str) -> None:
    frozen = slip(note="Mohon dikunjungi dan dilaporkan. " * 60, secret=True, full=full, size=size, mark=mark)
    first, *others = pages(pdf(frozen))
    assert "(lihat Lampiran)" in first
    assert len(others) == (1 if full else 2)
    for page in others:
        assert all(word in words(page) for word in ("LAMPIRANLEMBARDISPOSISI", "KEPALADINAS,", words(HEAD["name"])))
    assert words(frozen["records"]["disposition"]["blanks"]["note"]) in words("".join(map(flow, others))).replace(
        MARKS[mark], ""
    )


def test_the_preview_separates_the_lampiran_from_the_slip() -> None:
    drawn = sheet(slip(note="Mohon dikunjungi dan dilaporkan. " * 60), emblem="")
    assert drawn.index("(lihat Lampiran)") < drawn.index("LAMPIRAN LEMBAR DISPOSISI") < drawn.index("Mohon dikunjungi")
    assert "LAMPIRAN" not in sheet(slip(note="Mohon dikunjungi."), emblem="")


def heights(printed: bytes, page: int) -> dict[str, tuple[float, float]]:
    """What is drawn on a page: size and height above its foot (pt), the uppermost of equal ones."""
    drawn: dict[str, tuple[float, float]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        at = (size * matrix[3] * ctm[3], matrix[5] * ctm[3] + ctm[5])
        drawn[words(text)] = max(at, drawn.get(words(text), at), key=lambda place: place[1])

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_text=hear)
    return drawn


@pytest.mark.parametrize("page", [0, 1])
def test_a_signature_has_25_mm_and_a_rahasia_slip_says_so_at_its_head(page: int) -> None:
    drawn = heights(pdf(slip(note="Mohon dikunjungi. " * 90, secret=True)), page)
    (_, title), (_, name), (size, high) = (drawn[one] for one in ("KEPALADINAS,", words(HEAD["name"]), "RAHASIA"))
    assert title - name - HEAD_HIGH >= 25 * 72 / 25.4
    assert size >= 12
    assert high > 400
