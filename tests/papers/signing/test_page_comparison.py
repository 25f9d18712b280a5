"""A PDF that came back is the paper if its pages say and show the same, whoever wrote it; else the page is named."""

import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from pyhanko.sign import SimpleSigner
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from papers.printing.render import pdf
from papers.signing import page_comparison
from papers.signing.file_structure import ATTACHED, LAYERED, LINKED, NOTED, SCRIPT
from papers.signing.page_comparison import PageChange, compare_pages
from papers.signing.reading import rewritten_paper
from papers.signing.signature_worker import FileToJudge, read
from tests.papers.contents import content
from tests.papers.printing.test_signature_fields import SIGNED, fields, made
from tests.papers.signers import apart, pem_of, signed_in_turn, signed_visibly, signer_named

FONT = str(Path(__file__).parents[3] / "static" / "fonts" / "LiberationSans-Regular.ttf")
EMPTY = (100, 100, 300, 160)  # on the nota dinas, below its signers
NIP = (330, 250, 540, 290)  # where the nota dinas of `content` has the number of a signer
DIFFERS = "halaman {} berbeda dari yang diterbitkan."
WRITTEN_OVER = DIFFERS[:-1] + ": tanda tangan menutupi isinya."
OUT_OF_PLACE = DIFFERS[:-1] + ": tanda tangan tampak di luar tempatnya."


@pytest.fixture(scope="module")
def nota_dinas() -> bytes:
    return pdf(content("nota_dinas"))


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    return pdf(made("uji_kepatuhan"))


@pytest.fixture(scope="module")
def old(request: pytest.FixtureRequest) -> bytes:
    """The nota dinas as it was printed before papers had signature fields."""
    return pdf({**content("nota_dinas"), "format": 4})


@pytest.fixture(scope="module")
def signer() -> SimpleSigner:
    return signer_named("Pejabat")


def judged(original: bytes, returned: bytes, signer: SimpleSigner | None = None) -> dict[str, Any]:
    """What the child process would say."""
    return dict(apart(lambda: read(FileToJudge(original, returned), pem_of(signer) if signer else "")))


def fault(original: bytes, returned: bytes) -> str:
    return str(judged(original, returned)["fault"])


def written_anew(printed: bytes, *changes: Callable[[PdfWriter], Any]) -> bytes:
    """The pages, changed and written anew by another program."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(printed))), io.BytesIO()
    for change in changes:
        change(writer)
    writer.write(out)
    return out.getvalue()


def drawn(page: int, change: Callable[[bytes], bytes]) -> Callable[[PdfWriter], None]:
    """A change of what is drawn on the page of this index."""

    def of(writer: PdfWriter) -> None:
        leaf, stream = writer.pages[page], DecodedStreamObject()
        contents = leaf.get_contents()
        assert contents is not None
        stream.set_data(change(contents.get_data()))
        assert stream.get_data() != contents.get_data()
        leaf[NameObject("/Contents")] = writer._add_object(stream)

    return of


def with_pages(printed: bytes, order: Sequence[int]) -> bytes:
    writer, out, reader = PdfWriter(), io.BytesIO(), PdfReader(io.BytesIO(printed))
    for number in order:
        page = reader.pages[number]
        if "/Annots" in page:
            del page["/Annots"]
        writer.add_page(page)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("kind", SIGNED)
def test_every_paper_that_is_signed_visibly_in_its_own_place_is_the_paper(kind: str, signer: SimpleSigner) -> None:
    printed = pdf(made(kind))
    name, (page, _) = next(iter(fields(printed).items()))
    answer = judged(printed, apart(lambda: signed_visibly(printed, signer, field=name)), signer)
    assert answer["fault"] == ""
    assert (page + 1, PageChange.SIGNED) in answer["pages"]
    assert [one["holds"] for one in answer["signatures"]] == [True]


@pytest.mark.parametrize("kind", SIGNED)
def test_every_paper_written_anew_is_the_same(kind: str) -> None:
    printed = pdf(made(kind))
    answer = judged(printed, written_anew(printed))
    assert answer["fault"] == ""
    assert {change for _, change in answer["pages"]} == {PageChange.SAME}


@pytest.mark.parametrize("page", [0, 1])
def test_a_new_field_drawn_over_words_is_named_by_its_page(two_pages: bytes, signer: SimpleSigner, page: int) -> None:
    words = PdfReader(io.BytesIO(two_pages)).pages[page]
    over = (60, int(words.mediabox.height) - 120, 400, int(words.mediabox.height) - 60)
    signed = apart(lambda: signed_visibly(two_pages, signer, field="baru", corners=over, page=page, words="0"))
    assert fault(two_pages, signed) in (WRITTEN_OVER.format(page + 1), OUT_OF_PLACE.format(page + 1))


def test_a_field_that_covers_words_with_white_is_told_to_cover_them(nota_dinas: bytes, signer: SimpleSigner) -> None:
    signed = apart(lambda: signed_visibly(nota_dinas, signer, field="baru", corners=NIP, words=" "))
    white = written_anew(
        signed,
        lambda writer: appearance(writer, "baru").set_data(b"1 1 1 rg 0 0 210 40 re f"),
    )
    assert fault(nota_dinas, white) == WRITTEN_OVER.format(1)


def appearance(writer: PdfWriter, name: str) -> DecodedStreamObject:
    """The drawing of this field's widget, to be changed."""
    for annotation in writer.pages[0]["/Annots"]:  # type: ignore[attr-defined]
        widget = annotation.get_object()
        if widget["/T"] == name:
            picture = DecodedStreamObject()
            picture.update({key: value for key, value in widget["/AP"]["/N"].items() if key != "/Filter"})
            widget["/AP"][NameObject("/N")] = writer._add_object(picture)
            return picture
    raise AssertionError(name)


def test_a_new_field_in_an_empty_area_of_a_paper_with_places_is_out_of_place(
    nota_dinas: bytes, signer: SimpleSigner
) -> None:
    signed = apart(lambda: signed_visibly(nota_dinas, signer, field="baru", corners=EMPTY))
    assert fault(nota_dinas, signed) == OUT_OF_PLACE.format(1)


def test_an_invisible_new_field_is_accepted(nota_dinas: bytes, signer: SimpleSigner) -> None:
    signed = apart(lambda: signed_in_turn(nota_dinas, {"baru": signer}))
    assert fault(nota_dinas, signed) == ""


def test_a_picture_of_a_signature_in_a_field_that_nobody_signed_is_out_of_place(nota_dinas: bytes) -> None:
    forged = written_anew(
        nota_dinas, lambda writer: appearance(writer, "unit_head").set_data(b"0 0 1 rg 20 20 100 30 re f")
    )
    assert fault(nota_dinas, forged) == OUT_OF_PLACE.format(1)


def test_an_old_paper_without_fields_may_be_signed_invisibly(old: bytes, signer: SimpleSigner) -> None:
    assert b"/AcroForm" not in old
    answer = judged(old, apart(lambda: signed_in_turn(old, {"A": signer, "B": signer})), signer)
    assert answer["fault"] == ""
    assert [one["holds"] for one in answer["signatures"]] == [True, True]


def test_an_old_paper_may_be_stamped_where_it_is_empty(old: bytes, signer: SimpleSigner) -> None:
    answer = judged(old, apart(lambda: signed_visibly(old, signer, field="A", corners=EMPTY)), signer)
    assert (answer["fault"], answer["pages"]) == ("", [(1, PageChange.SIGNED)])


def test_an_old_paper_may_not_be_stamped_over_its_words(old: bytes, signer: SimpleSigner) -> None:
    signed = apart(lambda: signed_visibly(old, signer, field="A", corners=NIP, words="TIDAK " * 9))
    assert fault(old, signed) == WRITTEN_OVER.format(1)


def test_a_word_added_to_an_old_paper_that_is_signed_is_named(old: bytes, signer: SimpleSigner) -> None:
    more = written_anew(old, drawn(0, lambda data: data + b"\n0 0 0 rg 60 45 150 20 re f"))
    assert fault(old, apart(lambda: signed_in_turn(more, {"A": signer}))) == DIFFERS.format(1)


def test_signatures_over_a_paper_written_anew_are_read_and_hold(nota_dinas: bytes, signer: SimpleSigner) -> None:
    anew = apart(lambda: signed_visibly(written_anew(nota_dinas), signer, field="unit_head"))
    answer = judged(nota_dinas, anew, signer)
    assert (answer["fault"], answer["pages"]) == ("", [(1, PageChange.SIGNED)])
    assert [(one["field"], one["holds"]) for one in answer["signatures"]] == [("unit_head", True)]


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "one digit": lambda data: data.replace(b"Oktober 2026 09.14", b"Oktober 2026 09.15", 1),
    "white over words": lambda data: data + b"\nq 1 1 1 rg -500 -500 2000 2000 re f Q",
    "a faint line": lambda data: data + b"\nq .85 .85 .85 RG 40 40 m 90 40 l S Q",
    "yellow": lambda data: data + b"\nq 1 1 0 rg 300 300 9 9 re f Q",
    "a point": lambda data: data + b"\nq 0 0 0 rg 2 2 1.5 1.5 re f Q",
    "hidden words": lambda data: data + b"\nBT 3 Tr /F1+0 9 Tf 1 0 0 1 60 40 Tm (tidak) Tj ET",
    "moved by two points": lambda data: b"1 0 0 1 2 0 cm\n" + data,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_in_a_file_written_anew_is_refused_with_its_page(two_pages: bytes, change: str) -> None:
    page = 0 if change == "one digit" else 1
    answer = judged(two_pages, written_anew(two_pages, drawn(page, CHANGES[change])))
    assert answer["fault"] == DIFFERS.format(page + 1)
    assert answer["pages"][1 - page] == (2 - page, PageChange.SAME)


def test_a_shift_by_a_part_of_a_point_is_the_same_page(two_pages: bytes) -> None:
    assert fault(two_pages, written_anew(two_pages, drawn(1, lambda data: b"1 0 0 1 .12 .12 cm\n" + data))) == ""


def picture_of(words: str) -> bytes:
    """A page without text: the words in letters of 9 points in a picture."""
    picture = Image.new("L", (300, 60), 255)
    ImageDraw.Draw(picture).text((10, 10), words, font=ImageFont.truetype(FONT, 38))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 100, 700, 72, 14.4)
    canvas.save()
    return out.getvalue()


def draws_another(printed: bytes, digit: str, other: str) -> bytes:
    """The print with the first of these digits drawn as another."""
    words = re.compile(rf"(\([^()\\]*){digit}([^()\\]*\) Tj)".encode())
    return written_anew(printed, drawn(0, lambda data: words.sub(rb"\g<1>%s\g<2>" % other.encode(), data, count=1)))


@pytest.mark.parametrize("pair", ["56", "65", "38", "83", "69", "08"])
def test_another_digit_is_seen_where_the_text_would_be_the_same(
    two_pages: bytes, pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = draws_another(two_pages, *pair)
    monkeypatch.setattr(page_comparison, "_page_text", lambda _page: "")
    assert compare_pages(two_pages, changed)[0].change is PageChange.CHANGED


@pytest.mark.parametrize(("one", "other"), ["38", "83", "17", "06", "56", "14", ".,", "oc", "ce"])
def test_another_letter_in_a_picture_is_seen(one: str, other: str) -> None:
    printed = picture_of(f"Rp {one}")
    assert [page.change for page in compare_pages(printed, picture_of(f"Rp {one}"))] == [PageChange.SAME]
    assert [page.change for page in compare_pages(printed, picture_of(f"Rp {other}"))] == [PageChange.CHANGED]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ((0,), "halaman 2 dari dokumen yang diterbitkan tidak ada."),
        ((1,), "halaman 1 dari dokumen yang diterbitkan tidak ada."),
        ((0, 1, 1), "halaman 3 tidak ada pada dokumen yang diterbitkan."),
        ((1, 0), DIFFERS.format(1)),
    ],
)
def test_a_page_taken_away_added_or_swapped_is_named(two_pages: bytes, order: tuple[int, ...], sentence: str) -> None:
    assert fault(two_pages, with_pages(two_pages, (0, 1))) == ""
    assert fault(two_pages, with_pages(two_pages, order)) == sentence


def layer(writer: PdfWriter) -> None:
    group = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
    resources: Any = writer.pages[0]["/Resources"]
    resources[NameObject("/Properties")] = DictionaryObject({NameObject("/MC0"): group})


def printed_only(writer: PdfWriter) -> None:
    """A note that the screen hides and the printer prints."""
    note = FreeText(text="tidak", rect=(60, 40, 250, 80), font_size="12pt")
    note[NameObject("/F")] = NumberObject(4 | 32)
    writer.add_annotation(0, note)


def unlisted_widget(writer: PdfWriter) -> None:
    """A drawing in a widget of a field that the form does not list: pdfium does not draw it, other viewers do."""
    picture = DecodedStreamObject()
    picture.set_data(b"1 0 0 rg 0 0 190 40 re f")
    picture.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(edge) for edge in (0, 0, 190, 40)]),
        }
    )
    widget = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/T"): TextStringObject("lain"),
            NameObject("/F"): NumberObject(4),
            NameObject("/Rect"): ArrayObject([NumberObject(edge) for edge in EMPTY]),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(picture)}),
        }
    )
    page: PageObject = writer.pages[0]
    annotations: Any = page["/Annots"]
    annotations.append(writer._add_object(widget))


def hidden_on_screen(writer: PdfWriter) -> None:
    widget: Any = writer.pages[0]["/Annots"]
    widget[0].get_object()[NameObject("/F")] = NumberObject(4 | 32)


def opened_with(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/Named"), NameObject("/N"): NameObject("/Print")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def inverted_in_print(writer: PdfWriter) -> None:
    state = DictionaryObject({NameObject("/TR"): DictionaryObject({NameObject("/FunctionType"): NumberObject(2)})})
    resources: Any = writer.pages[0]["/Resources"]
    resources[NameObject("/ExtGState")] = DictionaryObject({NameObject("/G1"): writer._add_object(state)})


HIDDEN: dict[str, tuple[Callable[[PdfWriter], Any], str]] = {
    "a script": (lambda writer: writer.add_open_action(JavaScript("app.alert(1)")), SCRIPT),
    "an act on opening": (opened_with, SCRIPT),
    "an attachment": (lambda writer: writer.add_attachment("a.txt", b"isi"), ATTACHED),
    "a link": (lambda writer: writer.add_annotation(0, Link(rect=EMPTY, url="https://lain.example/")), LINKED),
    "a layer": (layer, LAYERED),
    "a note": (lambda writer: writer.add_annotation(0, FreeText(text="tidak", rect=EMPTY)), NOTED),
    "a note printed only": (printed_only, NOTED),
    "a widget that no form lists": (unlisted_widget, NOTED),
    "a field hidden on the screen": (hidden_on_screen, LAYERED),
    "a transfer function": (inverted_in_print, LAYERED),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_is_hidden_in_a_file_written_anew_is_refused(nota_dinas: bytes, what: str) -> None:
    add, named = HIDDEN[what]
    sentence = f"di dalamnya ada {named} yang tidak ada pada dokumen yang diterbitkan."
    assert fault(nota_dinas, written_anew(nota_dinas, add)) == sentence


def test_a_child_process_compares_a_file_written_anew_and_says_what_is_broken(nota_dinas: bytes) -> None:
    same = rewritten_paper(written_anew(nota_dinas), nota_dinas, issuers="")
    assert (same.fault, [page.change for page in same.pages]) == ("", [PageChange.SAME])
    for broken in (b"", b"%PDF-1.7\n%%EOF", written_anew(nota_dinas)[:-900], nota_dinas + b"x" * 90):
        assert rewritten_paper(broken, nota_dinas, issuers="").fault
    locked = written_anew(nota_dinas, lambda writer: writer.encrypt("rahasia"))
    assert rewritten_paper(locked, nota_dinas, issuers="").fault == "berkasnya terkunci kata sandi."
