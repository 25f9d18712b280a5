"""Signature fields: empty PDF form fields at the places of the signers, which signing programs find and fill.

A field is drawn with the page, with an appearance of nothing and the Print flag, as PDF/A asks. A file has at most one
field of each name; where a signer signs on several sheets, his field is on the first.
"""

from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFStream, PDFString
from reportlab.platypus.flowables import Flowable

PRINT = 4  # the annotation flag
_WIDEST = 170.0  # points, 60 mm: room for a name and a certificate's words, without covering what is beside


class SignatureField(Flowable):
    """A field over the lowest `high` points of what stands above it; takes no room itself."""

    _ZEROSIZE = True  # else reportlab leaves out what has no height

    def __init__(self, name: str, label: str, high: str) -> None:
        super().__init__()
        self.name, self.label, self.high = name, label, float(high)

    def wrap(self, wide: float, high: float) -> tuple[float, float]:
        self.width = wide
        return wide, 0

    def draw(self) -> None:
        wide = min(self.width, _WIDEST)
        left, foot = self.canv.absolutePosition((self.width - wide) / 2, 0)
        add_field(self.canv, self.name, self.label, (left, foot, left + wide, foot + self.high))


def add_field(canvas: Any, name: str, label: str, corners: tuple[float, float, float, float]) -> None:
    """Add an empty signature field to the present page, `corners` in points; nothing if its name is taken."""
    document = canvas._doc
    fields = _fields_of(document)
    reference = document.refAnnotation(name)
    if reference.name in {field.name for field in fields}:
        return
    left, foot, right, top = (round(edge, 2) for edge in corners)
    appearance = PDFDictionary(
        {
            "Type": PDFName("XObject"),
            "Subtype": PDFName("Form"),
            "BBox": PDFArray([0, 0, round(right - left, 2), round(top - foot, 2)]),
            "Resources": PDFDictionary({}),
        }
    )
    widget = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName("Widget"),
        "FT": PDFName("Sig"),
        "T": PDFString(name),
        "TU": PDFString(label),
        "F": PRINT,
        "Rect": PDFArray([left, foot, right, top]),
        "P": document.thisPageRef(),
        "AP": PDFDictionary({"N": document.Reference(PDFStream(appearance, b""))}),
    }
    canvas._addAnnotation(PDFDictionary(widget), name)
    fields.append(reference)


def _fields_of(document: Any) -> list[PDFObjectReference]:
    """The references to the document's fields, as its catalog lists them."""
    if getattr(document.Catalog, "AcroForm", None) is None:
        document.Catalog.AcroForm = PDFDictionary({"Fields": PDFArray([])})
    fields: list[PDFObjectReference] = document.Catalog.AcroForm.dict["Fields"].sequence
    return fields
