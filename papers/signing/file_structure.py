"""What a PDF holds besides its pages: scripts, attachments, links, layers, annotations; and where its signatures stand.

Runs in the child process, on pyHanko's reader. Everything that a viewer could run, open, hide or print otherwise is
refused: papers of the panel hold none of it. The catalog, pages, form and annotations may have the entries that are
listed here, and those that the paper itself has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Corners = tuple[float, float, float, float]  # left, lower, right and upper edge
MOST_OBJECTS, MOST_PAGES = 50_000, 1_000
SCRIPT, ATTACHED, LINKED = "skrip atau tindakan otomatis", "lampiran", "tautan"
LAYERED, NOTED, ADDED = "lapisan atau gambar pengganti", "catatan atau isian selain tanda tangan", "bagian tambahan"
LARGE = "isinya terlalu banyak untuk diperiksa."


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CATALOG = _names("/Type /Version /Extensions /Pages /AcroForm /DSS /Perms /Metadata /Lang /MarkInfo")
_PAGE = _names(
    "/Type /Parent /Resources /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Rotate /Contents /Group /Annots /Tabs"
    " /StructParents /LastModified"
)
_FORM = _names("/Fields /SigFlags /DR /DA /Q")
_FIELD = _names(
    "/Type /Subtype /FT /T /TU /TM /Ff /V /Lock /SV /Kids /Parent /P /Rect /F /AP /NM /M /BS /Border /MK /DA /DR /Q"
    " /StructParent"
)
_KEYS = {
    SCRIPT: _names("/JS /JavaScript /AA /OpenAction /XFA /Launch"),
    ATTACHED: _names("/EF /EmbeddedFiles /AF /Collection /FFilter"),
    LINKED: _names("/URI /Dests /Dest"),
    LAYERED: _names("/OC /OCProperties /OCGs /Alternates /OPI /Ref"),
}
_VALUES = {  # of /Type, /Subtype and /S
    SCRIPT: _names("/JavaScript /Launch /SubmitForm /ImportData /ResetForm /Rendition /Named /Hide"),
    ATTACHED: _names("/Filespec /EmbeddedFile /FileAttachment"),
    LINKED: _names("/URI /GoTo /GoToR /GoToE /GoToDp /Thread"),
    LAYERED: _names("/OCG /OCMD /PS /SetOCGState"),
}
_NOT_ON_SCREEN = 32 | 256  # annotation flags NoView and ToggleNoView: hidden on the screen, printed nevertheless


class RefusedStructure(ValueError):
    """The file holds what no paper holds, with the sentence."""


@dataclass(frozen=True, kw_only=True)
class SignaturePlace:
    """Where a signature field is drawn: index of the page, corners in points, and whether it is signed."""

    page: int
    corners: Corners
    is_signed: bool

    def lies_in(self, other: "SignaturePlace") -> bool:
        """Whether no edge lies more than a point outside of the other place."""
        left, foot, right, top = (mine - its for mine, its in zip(self.corners, other.corners, strict=True))
        return self.page == other.page and min(left, foot, -right, -top) >= -1


def signature_places(reader: Any) -> list[SignaturePlace]:
    """The places of the signature fields on the pages."""
    widgets = _signature_widgets(reader.root)
    return [
        SignaturePlace(page=number, corners=_corners(annotation), is_signed="/V" in field)
        for number, page in enumerate(_pages(reader.root))
        for reference, annotation in _annotations(page)
        if (field := widgets.get(reference)) is not None and "/Rect" in annotation
    ]


def refuse_additions(issued: Any, returned: Any) -> None:
    """RefusedStructure if the returned file holds anything that the issued paper does not, besides its pages,
    signatures and what validates these."""
    for each in _reachable(returned.root):
        _refuse_active(each)
    _refuse_entries(returned.root, _CATALOG, issued.root)
    if returned.xrefs.hybrid_xrefs_present:  # readers disagree about which objects count
        _refuse(ADDED)
    if not {*_entry(returned.root, "/Perms", ())} <= {"/DocMDP"}:
        _refuse(ADDED)
    form = _entry(returned.root, "/AcroForm", {})
    _refuse_entries(form, _FORM | ({"/NeedAppearances"} if not _entry(form, "/NeedAppearances", False) else set()), {})
    widgets = _signature_widgets(returned.root)
    model = next(_pages(issued.root))
    for page in _pages(returned.root):
        _refuse_entries(page, _PAGE, model)
        for reference, annotation in _annotations(page):
            if reference not in widgets:  # pdfium does not draw a widget that the form does not list, others do
                _refuse(NOTED)
            _refuse_hidden(annotation)


def _is_stream(value: object) -> bool:
    from pyhanko.pdf_utils.generic import StreamObject

    return isinstance(value, StreamObject)


def _refuse(what: str) -> None:
    raise RefusedStructure(f"di dalamnya ada {what} yang tidak ada pada dokumen yang diterbitkan.")


def _refuse_entries(holder: Any, usual: frozenset[str] | set[str], model: Any) -> None:
    for key in holder:
        if key in usual or (key in model and _plain(holder[key]) == _plain(model[key])):
            continue
        _refuse(next((what for what, keys in _KEYS.items() if key in keys), ADDED))


def _refuse_hidden(annotation: Any) -> None:
    """A signature must look alike on the screen and on paper, and do nothing when it is pressed or pointed at."""
    _refuse_entries(annotation, _FIELD, {})
    appearance = _entry(annotation, "/AP", {})
    is_one_picture = not appearance or ([*appearance] == ["/N"] and _is_stream(appearance["/N"]))
    if int(_entry(annotation, "/F", 0)) & _NOT_ON_SCREEN or not is_one_picture:
        _refuse(LAYERED)


def _refuse_active(each: Any) -> None:
    kinds = {str(_entry(each, key, "")) for key in ("/Type", "/Subtype", "/S")}
    for what in _KEYS:
        if _KEYS[what] & each.keys() or _VALUES[what] & kinds:
            _refuse(what)
    if _is_stream(each) and "/F" in each:  # a stream whose bytes stand in another file
        _refuse(ATTACHED)
    if any(_entry(each, key, "/Identity") not in ("/Identity", "/Default") for key in ("/TR", "/TR2")):
        _refuse(LAYERED)  # a transfer function: printed otherwise than shown


def _plain(value: Any, depth: int = 9) -> object:
    """The value without references, to compare it between files."""
    value = value.get_object() if hasattr(value, "get_object") else value
    if depth and isinstance(value, dict):
        return {str(key): _plain(value[key], depth - 1) for key in value}
    if depth and isinstance(value, list):
        return [_plain(each, depth - 1) for each in value]
    return str(value)


def _pages(root: Any) -> Iterator[Any]:
    """The leaves of the page tree in order."""
    waiting, seen = [root.raw_get("/Pages")], 0
    while waiting:
        node, seen = waiting.pop().get_object(), seen + 1
        if seen > MOST_PAGES:
            raise RefusedStructure(LARGE)
        if "/Kids" in node:
            waiting += reversed(_raw_items(node["/Kids"]))
        else:
            yield node


def _annotations(page: Any) -> list[tuple[object, Any]]:
    return [(_identity(raw), raw.get_object()) for raw in _raw_items(_entry(page, "/Annots", ()))]


def _entry(holder: Any, key: str, default: Any) -> Any:
    value = holder.get(key, default)  # of pyHanko's dictionaries it may be a reference
    return value.get_object() if hasattr(value, "get_object") else value


def _raw_items(array: Any) -> list[Any]:
    return [array.raw_get(place) for place in range(len(array))]


def _identity(raw: Any) -> object:
    return (raw.idnum, raw.generation) if hasattr(raw, "idnum") else id(raw)


def _signature_widgets(root: Any) -> dict[object, Any]:
    """The fields of the form by the reference of their widgets. RefusedStructure if one of them is no signature."""
    waiting: list[tuple[Any, Any]] = [
        (raw, {}) for raw in _raw_items(_entry(_entry(root, "/AcroForm", {}), "/Fields", ()))
    ]
    widgets: dict[object, Any] = {}
    count = 0
    while waiting:
        (raw, parent), count = waiting.pop(), count + 1
        node = raw.get_object()
        _refuse_entries(node, _FIELD, {})
        field = node if "/T" in node else parent  # without a name it is the widget of the field above
        if count > MOST_PAGES:
            raise RefusedStructure(LARGE)
        if kids := _entry(node, "/Kids", ()):
            waiting += [(kid, field) for kid in _raw_items(kids)]
            continue
        if _entry(node, "/FT", _entry(field, "/FT", "")) != "/Sig":
            _refuse(NOTED)
        widgets[_identity(raw)] = field
    return widgets


def _corners(annotation: Any) -> Corners:
    across, up, over, high = (float(edge) for edge in annotation["/Rect"])
    return min(across, over), min(up, high), max(across, over), max(up, high)


def _reachable(root: Any) -> Iterator[Any]:
    """Every dictionary and stream that the catalog leads to, each once."""
    from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject

    waiting: list[Any] = [root]
    seen, count = set(), 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, IndirectObject):
            if _identity(each) in seen:
                continue
            seen.add(_identity(each))
            each = each.get_object()  # type: ignore[no-untyped-call]
        parts: list[Any] = []
        if isinstance(each, DictionaryObject):
            yield each
            count += 1
            parts = [each.raw_get(key) for key in each]
        elif isinstance(each, ArrayObject):
            parts = _raw_items(each)
        waiting += [part for part in parts if isinstance(part, (IndirectObject, DictionaryObject, ArrayObject))]
        if count > MOST_OBJECTS:
            raise RefusedStructure(LARGE)
