"""reportlab's settings for this process: default font, streams, no widows."""

from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.tables import CellStyle
from xhtml2pdf.reportlab_paragraph import Paragraph


def use_font(font: str, file: Path) -> None:
    """Make this font the default of pages and cells in place of Helvetica, which would not be embedded."""
    pdfmetrics.registerFont(TTFont(font, str(file)))
    rl_config.canvas_basefontname = CellStyle.fontname = font
    rl_config.useA85 = 0  # binary streams instead of ASCII 85: smaller and faster
    Paragraph.allowWidows = 0  # no single line of a paragraph at the top of a page
