"""How reportlab sets every page of this process: from its first letter in a font of ours, and no line left alone."""

from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus.tables import CellStyle
from xhtml2pdf.reportlab_paragraph import Paragraph


def begin_with(font: str, file: Path) -> None:
    """Where reportlab would begin a page or a cell with Helvetica, which is not embedded, it begins with this font."""
    pdfmetrics.registerFont(TTFont(font, str(file)))
    rl_config.canvas_basefontname = CellStyle.fontname = font
    rl_config.useA85 = 0  # plain streams: smaller, and faster
    Paragraph.allowWidows = 0  # a page takes two lines of a paragraph along, or all of it
