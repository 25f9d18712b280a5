"""A paper's content as PDF: fonts embedded, nothing fetched but our own assets, the same bytes every time."""

import gc
import io
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime

from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from papers.engine import arabic, archival, ending, remembered, setting, tags
from papers.layout.formats import Content, UnknownFormat, format_of
from papers.layout.letters import ASSETS
from papers.layout.page import html
from papers.layout.ruled import left_empty, with_ruled_sheets
from papers.layout.sopsheet import FONT, drawn_over
from papers.printing.failure import PrintError

__all__ = ["PrintError", "html", "pdf"]

setting.begin_with(FONT, ASSETS / "fonts" / "LiberationSans-Regular.ttf")
tags.make_known("sop:lanes", "chart", drawn_over)
tags.make_known("sop:back", "words", left_empty)
tags.make_gathering("paper-ending", ending.PaperEnding)
remembered.install()
arabic.install()
archival.install()
_LOCK = threading.Lock()  # reportlab keeps its fonts in the process: one render at a time
COLOURS = ASSETS / "colour" / "sRGB.icc"
_ARCHIVAL = 4  # the first format that is PDF/A
_SPOILED = "Halaman tidak dapat disusun dengan benar."


def pdf(content: Content) -> bytes:
    """The paper's PDF. PrintError if the page could not be set as it should be."""
    try:
        page = html(content)
    except UnknownFormat as newer:
        raise PrintError(str(newer)) from newer
    with _LOCK, _uncollected(), _archived(content), _dated(content["paper"]["issued_at"]), _warnings() as heard:
        printed = _set(page)
        if heard:
            raise PrintError(_SPOILED, "; ".join(heard))
        return with_ruled_sheets(printed, content) if content.get("ruled") else printed


def _archived(content: Content) -> AbstractContextManager[None]:
    """Papers are PDF/A-2b since the fourth format; those before keep their bytes."""
    return archival.for_ever(COLOURS) if format_of(content) >= _ARCHIVAL else nullcontext()


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
