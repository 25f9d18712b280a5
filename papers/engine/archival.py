"""PDF/A-2b: what reportlab lacks for archival files.

Fonts are already embedded, and nothing is encrypted or fetched; added are XMP metadata, the output intent (colour
profile), and an end of line before each `endstream`. Files are not tagged and do not claim to be (ADR 67).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc
from xhtml2pdf import xhtml2pdf_reportlab

_profile: ContextVar[bytes] = ContextVar("profile", default=b"")
_creator: ContextVar[str] = ContextVar("creator", default="")
_document, _stream = xhtml2pdf_reportlab.PmlBaseDoc._makeCanvas, pdfdoc.PDFStream.format
_END = b"endstream\n"
_WORDS = ("title", "author", "subject", "keywords", "producer", "creator")
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<pdf:Keywords>{keywords}</pdf:Keywords><pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class _UnpackedXmp(pdfdoc.XMP):
    """Not compressed, so that tools that cannot parse PDF find it."""

    def format(self, document: Any) -> bytes:
        filters, document.defaultStreamFilters = document.defaultStreamFilters, None
        try:
            written: bytes = super().format(document)
        finally:
            document.defaultStreamFilters = filters
        return written


@contextmanager
def as_pdfa(profile: Path, creator: str = "") -> Iterator[None]:
    """Within the block files are made as PDF/A-2b with this colour profile, and name the program that made them."""
    before, named = _profile.set(profile.read_bytes()), _creator.set(creator)
    try:
        yield
    finally:
        _profile.reset(before)
        _creator.reset(named)


def _make_canvas(self: Any, filename: Any = None, canvasmaker: Any = None) -> Any:
    canvas = _document(self, filename=filename, canvasmaker=canvasmaker)
    if profile := _profile.get():
        if creator := _creator.get():
            canvas.setCreator(creator)
        _declare(canvas._doc, profile)
        canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas


def _declare(document: Any, profile: bytes) -> None:
    """Add the XMP metadata and the output intent to the catalog."""
    catalog, name, text = document.Catalog, pdfdoc.PDFName, pdfdoc.PDFString
    colours = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), profile, [pdfdoc.PDFZCompress])
    intent = {
        "Type": name("OutputIntent"),
        "S": name("GTS_PDFA1"),
        "OutputConditionIdentifier": text("sRGB"),
        "Info": text("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(colours),
    }
    catalog.Metadata = _UnpackedXmp(creator=_packet)
    catalog.OutputIntents = pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


def _packet(document: Any) -> bytes:
    year, month, day, hour, minute, second = document._timeStamp.YMDhms
    words = {name: escape(str(getattr(document.info, name))) for name in _WORDS}
    # In UTC: papers/printing/render.py sets SOURCE_DATE_EPOCH.
    date = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+00:00"
    return _PACKET.format(date=date, **words).encode()


def _format(self: Any, document: Any) -> bytes:
    written: bytes = _stream(self, document)
    return written.removesuffix(_END) + b"\n" + _END if _profile.get() else written


PLACES = (  # owner, name, replacement
    (xhtml2pdf_reportlab.PmlBaseDoc, "_makeCanvas", _make_canvas),
    (pdfdoc.PDFStream, "format", _format),
)
THEIRS = ((PLACES[0][0], "_makeCanvas", _document), (PLACES[1][0], "format", _stream))


def install() -> None:
    for owner, name, ours in PLACES:
        setattr(owner, name, ours)
