"""Renders a paper's content to PDF: fonts embedded, only our own assets read, the same bytes every time."""

import gc
import io
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from pypdf import PdfReader
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from papers.engine import arabic, archival, ending, render_cache, reportlab_settings, tags, word_breaks
from papers.engine.signature_fields import SignatureField
from papers.engine.word_parts import hyphenated
from papers.layout.code_mark import with_code
from papers.layout.flow_chart import FONT, flow_chart_over
from papers.layout.formats import Content, UnknownFormat, format_of, is_hyphenated
from papers.layout.glyphs import ASSETS
from papers.layout.page import closer_forms, html
from papers.layout.pdf_metadata import CREATOR
from papers.layout.ruled_tables import empty_back, ruled_rows, ruled_table
from papers.printing.failure import PrintError
from sop.words import counted_in_words

__all__ = ["PrintError", "html", "pdf"]

reportlab_settings.use_font(FONT, ASSETS / "fonts" / "LiberationSans-Regular.ttf")
tags.register_wrapping_tag("sop:lanes", "chart", flow_chart_over)
tags.register_wrapping_tag("sop:back", "words", empty_back)
tags.register_wrapping_tag("sop:code", "place", with_code)
tags.register_gathering_tag("paper-ending", ending.PaperEnding)
tags.register_tag("sop:field", ("name", "label", "high"), SignatureField)
tags.register_number_tag("sop:pages", counted_in_words)
tags.register_gathering_tag("ruled-table", ruled_table)
tags.register_gathering_tag("running-text", ending.RunningText)
tags.register_gathering_tag("text-ending", ending.TextEnding)
tags.register_gathering_tag("slip-ending", ending.SlipEnding)
tags.register_gathering_tag("parted-ending", ending.PartedEnding)
tags.register_gathering_tag("one-sheet", ending.OneSheet)
tags.register_gathering_tag("list-ending", ending.ListEnding)
tags.register_gathering_tag("airy-list", ending.AiryList)
tags.register_gathering_tag("titled-list", ending.TitledList)
render_cache.install()
arabic.install()
archival.install()
word_breaks.install()
_LOCK = threading.Lock()  # reportlab's fonts are global state: one render at a time
COLOURS = ASSETS / "colour" / "sRGB.icc"
_FIRST_ARCHIVAL, _FIRST_NAMED = 4, 5  # the first formats that are PDF/A, and that name the program
_SPOILED = "Halaman tidak dapat disusun dengan benar."


def pdf(content: Content) -> bytes:
    """The paper's PDF. PrintError if rendering failed or gave a warning."""
    try:
        page = html(content)
    except UnknownFormat as newer:
        raise PrintError(str(newer)) from newer
    # PDF/A-2b since the fourth format; older papers must give the same bytes as before.
    archived: AbstractContextManager[None] = nullcontext()
    if format_of(content) >= _FIRST_ARCHIVAL:
        archived = archival.as_pdfa(COLOURS, CREATOR if format_of(content) >= _FIRST_NAMED else "")
    parted, dated = hyphenated(is_hyphenated(content)), _dated(content["paper"]["issued_at"])
    with _LOCK, _without_gc(), archived, parted, dated, _warnings() as warnings:
        with ruled_rows(content):
            printed = _on_one_sheet(content, _render(page))
        if warnings:
            raise PrintError(_SPOILED, "; ".join(warnings))
        return printed


def _on_one_sheet(content: Content, printed: bytes) -> bytes:
    """The paper; where it takes two sheets, the first of its closer forms that stands on one, if any does."""
    forms = closer_forms(content)
    if not forms or not _has_pages(printed, 2):
        return printed
    closest = _render(html(content, forms[-1]))
    if not _has_pages(closest, 1):
        return printed
    tried = (_render(html(content, closer)) for closer in forms[:-1])
    return next((one for one in tried if _has_pages(one, 1)), closest)


def _has_pages(printed: bytes, count: int) -> bool:
    return len(PdfReader(io.BytesIO(printed)).pages) == count


def _render(page: str) -> bytes:
    out = io.BytesIO()
    policy = ResourceAccessPolicy.server(ASSETS)
    try:
        done = pisa.CreatePDF(page, out, path=str(ASSETS / "paper.html"), default_css=" ", resource_policy=policy)
    except Exception as broken:
        raise PrintError(_SPOILED, type(broken).__name__) from broken
    if done.err:
        raise PrintError(_SPOILED, "xhtml2pdf reports errors")
    return out.getvalue()


@contextmanager
def _dated(moment: str) -> Iterator[None]:
    """The PDF's date is that of the paper, not of the rendering."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.fromisoformat(moment).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@contextmanager
def _without_gc() -> Iterator[None]:
    """Switch the garbage collector off: with the hundreds of thousands of objects of one rendering it takes a ninth
    of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _WarningCollector(logging.Handler):
    """Collects xhtml2pdf's warnings without their arguments, which may contain text of a complaint."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(str(record.msg))


@contextmanager
def _warnings() -> Iterator[list[str]]:
    logger, collector = logging.getLogger("xhtml2pdf"), _WarningCollector()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagated
