"""What is remembered from paper to paper changes no paper, and is let go where it could."""

import zlib
from collections.abc import Iterator

import pytest
from reportlab.pdfbase import pdfdoc
from xhtml2pdf import document, parser, util
from xhtml2pdf.context import pisaContext

from papers.engine import render_cache
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content

VARIANTS = [(kind, size, draft) for kind in vocabulary().papers for size, draft in (("F4", False), ("A4", True))]


@pytest.fixture
def installed() -> Iterator[None]:
    yield
    render_cache.install()


def _papers() -> list[bytes]:
    found = []
    for kind, size, draft in VARIANTS:
        frozen = content(kind)
        frozen["office"]["size"], frozen["paper"]["draft"] = size, draft
        found.append(pdf(frozen))
    return found


@pytest.mark.slow("prints every paper in two variants three times")
def test_a_paper_has_the_same_bytes_remembered_or_worked_out_anew(installed: None) -> None:
    twice = _papers(), _papers()
    render_cache.remove()
    assert twice[0] == twice[1] == _papers()


def _drawn(sheet: str, body: str) -> pisaContext:
    page = f"<html><head><style>div, p {{ display: block; }} {sheet}</style></head><body>{body}</body></html>"
    return document.pisaStory(page, default_css=" ")


def _sizes(sheet: str, body: str) -> list[float]:
    """The size of each paragraph's letters."""
    return [flowable.style.fontSize for flowable in _drawn(sheet, body).story if hasattr(flowable, "style")]


def test_what_is_warned_of_in_a_sheet_with_pages_is_warned_of_each_time(caplog: pytest.LogCaptureFixture) -> None:
    sheet = "@page { size: 200mm 200mm; @frame a { 12: x; left: 9mm; top: 9mm; width: 99mm; height: 99mm; } }"
    for count in (1, 2):
        _drawn(sheet, "")
        assert sum("could not be parsed" in record.getMessage() for record in caplog.records) == count


@pytest.mark.parametrize(
    ("sheet", "body"),
    [
        ("p:first-child { font-size: 20pt; }", "<p>a</p><p>b</p>"),
        ("p[lang=id] { font-size: 20pt; }", '<p lang="id">a</p><p>b</p>'),
    ],
)
def test_a_rule_that_asks_for_a_place_or_an_attribute_is_not_remembered(sheet: str, body: str) -> None:
    for _ in range(2):
        assert _sizes(sheet, body) == [20, 10]


def test_an_inline_style_and_another_style_sheet_are_distinguished() -> None:
    body = '<p>a</p><p style="font-size: 30pt">b</p><div class="x"><p>c</p></div>'
    for _ in range(2):
        assert _sizes("p { font-size: 20pt; } .x p { font-size: 10pt; }", body) == [20, 30, 10]
        assert _sizes("p { font-size: 21pt; }", body) == [21, 30, 21]


def test_the_cache_keeps_no_page_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    documents: list[object] = []
    asked = parser.getCSSAttrCacheKey
    monkeypatch.setattr(parser, "getCSSAttrCacheKey", lambda *given: documents.append(asked(*given)) or documents[-1])
    _drawn("p { font-size: 20pt; }", "<div><p>a</p></div>")

    def parts(key: object) -> Iterator[object]:
        yield key
        if isinstance(key, tuple):
            for part in key:
                yield from parts(part)

    assert documents
    assert not [part for key in documents for part in parts(key) if hasattr(part, "nodeType")]


def test_no_word_of_a_paper_is_kept_after_it() -> None:
    assert len(pdf(content("form_pengaduan"))) > 1_000
    assert not util._string_widths
    before = render_cache._compressed.cache_info()
    page = pdfdoc.PDFStreamFilterZCompress().encode(b"BT (Zebrakuda) Tj ET")
    assert zlib.decompress(page) == b"BT (Zebrakuda) Tj ET"
    assert render_cache._compressed.cache_info() == before
