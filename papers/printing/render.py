"""A paper's content as PDF: fonts embedded, nothing fetched but our own assets, the same bytes every time."""

import gc
import io
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.tables import CellStyle
from xhtml2pdf import parser, pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.reportlab_paragraph import Paragraph

from papers.layout.formats import UnknownFormat
from papers.layout.lanes import LanesTag
from papers.layout.letters import ASSETS
from papers.layout.page import html
from papers.layout.ruled import appended
from papers.printing import remembered
from papers.printing.failure import PrintError

__all__ = ["PrintError", "html", "pdf"]

rl_config.useA85 = 0  # plain streams: smaller, and faster
# Where reportlab would begin a page or a cell with Helvetica, which is not embedded, it begins with our own font;
# the name is the one that xhtml2pdf gives it.
rl_config.canvas_basefontname = CellStyle.fontname = "text_00"
pdfmetrics.registerFont(TTFont("text_00", str(ASSETS / "fonts" / "LiberationSans-Regular.ttf")))
Paragraph.allowWidows = 0  # a page takes two lines of a paragraph along, or all of it
parser.pisaTagSOPLANES = LanesTag  # <sop:lanes>: xhtml2pdf looks for the class of a tag by this name
remembered.install()
_LOCK = threading.Lock()  # reportlab keeps its fonts in the process: one render at a time
_SPOILED = "Halaman tidak dapat disusun dengan benar."


def pdf(content: dict[str, Any]) -> bytes:
    """The paper's PDF. PrintError if the page could not be set as it should be."""
    try:
        page = html(content)
    except UnknownFormat as newer:
        raise PrintError(str(newer)) from newer
    with _LOCK, _uncollected(), _dated(content["paper"]["issued_at"]), _warnings() as heard:
        printed = _set(page)
        if heard:
            raise PrintError(_SPOILED, "; ".join(heard))
        return appended(printed, content) if content.get("ruled") else printed


def _set(page: str) -> bytes:
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
    """The PDF bears the paper's own date, not that of the print."""
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
def _uncollected() -> Iterator[None]:
    """One render makes objects by the hundred thousand and drops them at its end: to search for lost ones meanwhile
    costs a ninth of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Ear(logging.Handler):
    """Collects what xhtml2pdf warns of: the wording without its arguments, which may hold a citizen's words."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(str(record.msg))


@contextmanager
def _warnings() -> Iterator[list[str]]:
    logger, ear = logging.getLogger("xhtml2pdf"), _Ear()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)
        logger.propagate = propagated
