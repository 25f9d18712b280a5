"""What papers/engine takes of xhtml2pdf and reportlab by private names: here a new release fails first, and says what
to mend."""

import inspect
from typing import Any

import pytest
from reportlab import rl_config
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfdoc, ttfonts
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import doctemplate
from reportlab.platypus.flowables import Flowable, Spacer
from reportlab.platypus.tables import CellStyle, Table
from xhtml2pdf import context, document, parser, reportlab_paragraph
from xhtml2pdf.reportlab_paragraph import Paragraph
from xhtml2pdf.w3c import cssParser

from papers.engine import arabic, archival, render_cache, tags, word_breaks
from papers.engine.ending import PaperEnding
from papers.engine.table_positions import (
    body_rows,
    column_edges,
    keep_measure,
    measure_spans_again,
    row_edges,
    with_contents,
)
from papers.layout.flow_chart import FONT
from papers.printing import render

MENDED_IN = "{} has moved: see how the new release does this, and mend papers/engine/{} alone."
SIGNED = {  # what ours stand in for: its parameters, and how it is called
    "_file_digest": (("name",), "= _file_digest(name)"),
    "_parseCSSSource": (("self", "text", "sourceName"), "starmap(self._parseCSSSource, self.cssSources)"),
    "parseCSS": (("self",), "context.parseCSS()"),
    "getCSSAttrCacheKey": (
        ("node", "positional_tags", "attribute_names"),
        "getCSSAttrCacheKey(node, c.cssPositionalTags, c.cssAttributeNames)",
    ),
    "reset_caches": ((), "reset_caches()"),
    "makeSubset": (("self", "subset"), "fontFile.content = self.makeSubset(subset)"),
    "encode": (("self", "text"), "content = f.encode(content)"),
    "_makeCanvas": (("self", "filename", "canvasmaker"), "self._makeCanvas(filename=filename,canvasmaker=canvasmaker)"),
    "format": (("self", "document"), "fd+b'\\nstream\\n'+fc+b'endstream\\n'"),
    "shape_frag_text": (("frag_text", "font_name"), "shape_frag_text(frag.text, frag.fontName)"),
    "_chunkWord": (("pieces", "maxWidth"), "result.extend(_chunkWord(pieces, maxWidth))"),
    "makeToUnicodeCMap": (("fontname", "subset"), "makeToUnicodeCMap(baseFontName, subset)"),
}
CALLING = (context, parser, document, reportlab_paragraph, ttfonts, pdfdoc, doctemplate)
CALLERS = "".join(map(inspect.getsource, CALLING))


@pytest.mark.parametrize(
    ("file", "name", "theirs"),
    [
        (f"{room.__name__.split('.')[-1]}.py", name, theirs)
        for room in (render_cache, arabic, archival, word_breaks)
        for _, name, theirs in room.THEIRS
    ],
)
def test_what_ours_stand_in_for_is_called_as_ours_expect(file: str, name: str, theirs: Any) -> None:
    parameters, call = SIGNED[name]
    assert tuple(inspect.signature(theirs).parameters) == parameters, MENDED_IN.format(name, file)
    assert call in CALLERS, MENDED_IN.format(f"The call {call}", file)


def test_lines_with_arabic_are_turned_round_by_xhtml2pdf_itself() -> None:
    assert "get_display(line, base_dir)" in inspect.getsource(reportlab_paragraph), MENDED_IN.format(
        "The order of a line", "arabic.py"
    )


def test_every_paper_has_what_is_remembered_of_it_put_where_xhtml2pdf_looks() -> None:
    """The sheets' own text is the key, and the memory of elements a dictionary that is emptied before each paper."""
    document = context.pisaContext(".")
    for name in ("cssText", "cssAttrCache", "cssPositionalTags", "cssAttributeNames"):
        assert hasattr(document, name), MENDED_IN.format(f"pisaContext.{name}", "render_cache.py")
    assert "context.cssAttrCache.clear()" in CALLERS, MENDED_IN.format("cssAttrCache.clear()", "render_cache.py")
    node = parser.getCSSAttrCacheKey
    assert "parent" in parser.CSSAttrCacheKey._fields, MENDED_IN.format(f"{node.__name__}'s parent", "render_cache.py")


def test_declarations_are_read_by_one_function_that_warns_of_what_it_drops() -> None:
    group = cssParser.CSSParser._parseDeclarationGroup
    assert tuple(inspect.signature(group).parameters) == ("self", "src", "braces"), MENDED_IN.format(
        "_parseDeclarationGroup", "render_cache.py"
    )
    assert "self._warn(" in inspect.getsource(group), MENDED_IN.format("CSSParser._warn", "render_cache.py")


@pytest.fixture
def table() -> Table:
    """Three rows under a repeated head, 10 points each, in two columns of 30 and 50 points; set, not drawn."""
    made = Table([["a", "b"]] * 4, colWidths=[30, 50], rowHeights=[10] * 4, repeatRows=1)
    made.wrapOn(Canvas("nowhere.pdf"), 200, 200)
    return made


def test_the_place_of_rows_and_columns_is_read_as_reportlab_sets_them(table: Table) -> None:
    assert body_rows(table) == 3, MENDED_IN.format("Table._nrows", "grid.py")
    assert row_edges(table, 0) == (30, 20), MENDED_IN.format("Table._rowpositions", "grid.py")
    assert row_edges(table, 2) == (10, 0), MENDED_IN.format("Table._rowpositions", "grid.py")
    assert column_edges(table, 1) == (30, 80), MENDED_IN.format("Table._colpositions", "grid.py")


def test_a_measured_table_is_measured_again_only_when_asked(table: Table) -> None:
    table._argH = [20] * 4
    keep_measure(table)
    assert table.wrapOn(Canvas("nowhere.pdf"), 200, 200) == (80, 40)
    spanned = Table([["a", "b"], ["c", ""]], colWidths=[30, 50], style=[("SPAN", (0, 0), (0, 1))])
    spanned.wrapOn(Canvas("nowhere.pdf"), 200, 200)
    assert spanned._spanRects, MENDED_IN.format("Table._spanRects", "table_positions.py")
    measure_spans_again(spanned)
    assert not spanned._spanRects
    inner = Paragraph("x", ParagraphStyle("y"))
    assert inner in list(with_contents([Table([[[inner]]])])), MENDED_IN.format("_cellvalues", "table_positions.py")


def test_each_part_of_a_table_has_its_own_rows_and_the_head(table: Table) -> None:
    parts = table.splitOn(Canvas("nowhere.pdf"), 200, 25)
    assert [body_rows(part) for part in parts] == [1, 2], MENDED_IN.format("How a table is split", "grid.py")


def test_a_tag_of_ours_wraps_what_is_set_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[Flowable, str]] = []
    monkeypatch.setattr(parser, "pisaTagTOYWRAP", None, raising=False)
    tags.register_wrapping_tag("toy:wrap", "word", lambda inside, word: heard.append((inside, word)) or Spacer(1, 1))
    page = '<toy:wrap word="x"><table><tr><td>a</td></tr></table></toy:wrap>'
    story = document.pisaStory(page, default_css=" ").story
    assert [(isinstance(inside, Table), word) for inside, word in heard] == [(True, "x")], MENDED_IN.format(
        "How a tag finds its class", "tags.py"
    )
    assert any(type(part) is Spacer for part in story)


def test_pages_cells_and_paragraphs_begin_as_we_have_set() -> None:
    assert Canvas("nowhere.pdf")._fontname == FONT, MENDED_IN.format("rl_config.canvas_basefontname", "setting.py")
    assert CellStyle("x").fontname == FONT, MENDED_IN.format("CellStyle.fontname", "setting.py")
    assert (render.FONT, rl_config.useA85) == (FONT, 0)
    assert 'getattr(self, "allowWidows"' in inspect.getsource(Paragraph.split), MENDED_IN.format(
        "allowWidows", "setting.py"
    )


def test_a_tag_of_ours_makes_one_of_all_that_is_set_inside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[list[Flowable]] = []
    monkeypatch.setattr(parser, "pisaTagTOY-ALL", None, raising=False)
    tags.register_gathering_tag("toy-all", lambda inside: heard.append(inside) or Spacer(1, 1))
    page = "<p>before</p><toy-all><p>a</p><table><tr><td>b</td></tr></table></toy-all>"
    story = document.pisaStory(page, default_css=" ").story
    assert [[type(part) for part in inside] for inside in heard] == [[type(story[0]), type(heard[0][1])]]
    assert isinstance(heard[0][1], Table), MENDED_IN.format("How a tag finds its class", "tags.py")
    assert type(story[-1]) is Spacer


def test_the_private_names_that_a_paper_ending_uses_exist() -> None:
    whole = PaperEnding([Spacer(1, 30), Spacer(1, 40)])
    whole.wrapOn(Canvas("nowhere.pdf"), 200, 200)
    assert whole._H == 70, MENDED_IN.format("KeepTogether._H", "ending.py")
    assert len(whole._content) == 2, MENDED_IN.format("KeepTogether._content", "ending.py")
    assert isinstance(whole.NullActionFlowable(), Flowable), MENDED_IN.format("NullActionFlowable", "ending.py")
