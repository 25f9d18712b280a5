"""Files as an attacker would upload them, generated here; each contains marks that may not survive."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pillow_heif
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

MARK = b"<script>kenari-berkas-7731</script>"
PLACE = "kenari-tempat-7732"  # in metadata: where the picture was taken, who wrote the letter
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825

pillow_heif.register_heif_opener()


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **how: object) -> bytes:
    """A picture, left half dark and right half light."""
    drawn, out = Image.new(mode, size), io.BytesIO()
    drawn.paste(Image.new(mode, (size[0] // 2, size[1]), "white"), (size[0] // 2, 0))
    drawn.save(out, kind, **how)
    return out.getvalue()


def metadata(turn: int = 1) -> bytes:
    """Metadata of a telephone: orientation, owner, place."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = turn, PLACE
    exif.get_ifd(GPS).update({1: "S", 2: (7.0, 58.0, 48.0), 3: "E", 4: (112.0, 37.0, 59.0)})
    return exif.tobytes()


def letter(pages: int = 1) -> bytes:
    """A letter with words on each page."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(PLACE)
    for number in range(1, pages + 1):
        canvas.drawString(72, 700, f"Surat keterangan halaman {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def name(text: str) -> NameObject:
    return NameObject(text)


def act(kind: str, **more: object) -> DictionaryObject:
    return DictionaryObject({name("/S"): name(kind), **{name(f"/{key}"): value for key, value in more.items()}})


SCRIPT = act("/JavaScript", JS=TextStringObject(MARK.decode()))


def changed(change: Callable[[PdfWriter], None], pages: int = 1) -> bytes:
    writer, out = PdfWriter(clone_from=io.BytesIO(letter(pages))), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def in_catalog(key: str, value: object) -> bytes:
    return changed(lambda writer: writer.root_object.__setitem__(name(key), value))


def on_page(key: str, value: object) -> bytes:
    return changed(lambda writer: writer.pages[0].__setitem__(name(key), value))


def note(kind: str, **more: object) -> bytes:
    """A page with something on it that can be clicked or filled in."""
    square = ArrayObject([NumberObject(n) for n in (50, 50, 200, 90)])
    entries = {name("/Type"): name("/Annot"), name("/Subtype"): name(kind), name("/Rect"): square}
    return on_page("/Annots", ArrayObject([DictionaryObject(entries | {name(f"/{k}"): v for k, v in more.items()})]))


def locked(password: str) -> bytes:
    return changed(lambda writer: writer.encrypt(password, "pemilik"))


def with_photo(exif: bytes) -> bytes:
    """A letter with a photograph with metadata of its own."""
    data = picture(exif=exif)
    stream = DecodedStreamObject()
    stream.set_data(data)
    stream.update(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Image"),
            name("/Width"): NumberObject(320),
            name("/Height"): NumberObject(200),
            name("/ColorSpace"): name("/DeviceRGB"),
            name("/BitsPerComponent"): NumberObject(8),
            name("/Filter"): name("/DCTDecode"),
        }
    )

    def add(writer: PdfWriter) -> None:
        resources = writer.pages[0]["/Resources"].get_object()
        resources[name("/XObject")] = DictionaryObject({name("/Foto"): writer._add_object(stream)})

    return changed(add)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("jalankan.html", MARK)
    return out.getvalue()


def png_bomb(side: int = 60_000) -> bytes:
    """A picture of 3.6 thousand megapixels in a few kilobytes: the head says so, the data never come."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def words_in_png() -> bytes:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Comment", MARK.decode())
    said.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{PLACE}</x:xmpmeta>")
    return picture("PNG", pnginfo=said)


def deep_pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def stream_bomb() -> bytes:
    """A page of which a few hundred bytes become 256 MB."""
    squeezed = zlib.compress(zlib.compress(b" " * (1 << 28), 9), 9)

    def add(writer: PdfWriter) -> None:
        stream = DecodedStreamObject()
        stream.set_data(squeezed)
        stream[name("/Filter")] = ArrayObject([name("/FlateDecode"), name("/FlateDecode")])
        writer.pages[0][name("/Contents")] = writer._add_object(stream)

    return changed(add)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EVIL_FILE = DictionaryObject({name("/F"): TextStringObject("jalankan.exe")})
FIELDS = DictionaryObject({name("/Fields"): ArrayObject(), name("/XFA"): TextStringObject(MARK.decode())})

NAMED_SCRIPTS = DictionaryObject({name("/JavaScript"): SCRIPT})


def attach(writer: PdfWriter) -> None:
    writer.add_attachment("jalankan.html", MARK)


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    # what it is: (its name, its bytes)
    "empty": ("kosong.jpg", lambda: b""),
    "svg": ("gambar.svg", lambda: SVG),
    "svg as png": ("gambar.png", lambda: SVG),
    "html as jpg": ("foto.jpg", lambda: b"<html>" + MARK),
    "html before a pdf": ("surat.pdf", lambda: MARK + letter()),
    "program": ("foto.jpg.exe", lambda: b"MZ" + MARK),
    "pdf named jpg": ("foto.jpg", letter),
    "png named jpg": ("foto.jpg", lambda: picture("PNG")),
    "jpg named html": ("foto.html", lambda: picture()),
    "jpg without an ending": ("foto", lambda: picture()),
    "jpg with two endings": ("foto.jpg.php", lambda: picture()),
    "gif": ("foto.gif", lambda: picture("GIF")),
    "tiff named jpg": ("foto.jpg", lambda: picture("TIFF")),
    "zip": ("foto.zip", zipped),
    "zip named pdf": ("surat.pdf", zipped),
    "head of a jpg with a script": ("foto.jpg", lambda: b"\xff\xd8\xff\xe0" + MARK * 20),
    "head of a pdf with a script": ("surat.pdf", lambda: b"%PDF-1.7\n" + MARK * 20),
    "head of a heic with a script": ("foto.heic", lambda: b"\0\0\0\x18ftypheic" + MARK * 20),
    "head of a webp with a script": ("foto.webp", lambda: b"RIFF\0\0\0\0WEBP" + MARK * 20),
    "half a jpg": ("foto.jpg", lambda: picture(size=(1200, 900))[:5000]),
    "half a png": ("foto.png", lambda: picture("PNG")[:300]),
    "half a heic": ("foto.heic", lambda: picture("HEIF")[:300]),
    "pixel bomb": ("foto.png", png_bomb),
    "too many pixels": ("foto.png", lambda: picture("PNG", (8000, 7000), "L")),
    "locked pdf": ("surat.pdf", lambda: locked("rahasia")),
    "endlessly nested pdf": ("surat.pdf", deep_pdf),
    "script on too many pages": (
        "surat.pdf",
        lambda: changed(lambda writer: writer.root_object.__setitem__(name("/OpenAction"), SCRIPT), pages=31),
    ),
}
HARMLESS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jpg and zip in one": ("foto.jpg", lambda: picture() + zipped()),
    "jpg and html in one": ("foto.jpg", lambda: picture(comment=MARK) + MARK),
    "jpg with the place where it was taken": ("foto.jpg", lambda: picture(exif=metadata(6))),
    "jpg with broken metadata": ("foto.jpg", lambda: picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + MARK)),
    "jpg with a colour profile": ("foto.jpg", lambda: picture(icc_profile=MARK)),
    "png and html in one": ("foto.png", lambda: picture("PNG") + MARK),
    "png with words": ("foto.png", words_in_png),
    "heic with the place where it was taken": ("foto.heic", lambda: picture("HEIF", exif=metadata())),
    "webp with the place where it was taken": ("foto.webp", lambda: picture("WEBP", exif=metadata())),
    "pdf and zip in one": ("surat.pdf", lambda: letter() + zipped()),
    "pdf and html in one": ("surat.pdf", lambda: letter() + MARK),
    "pdf with a photo with its place": ("surat.pdf", lambda: with_photo(metadata())),
    "pdf with a script at its opening": ("surat.pdf", lambda: in_catalog("/OpenAction", SCRIPT)),
    "pdf with named scripts": ("surat.pdf", lambda: in_catalog("/Names", NAMED_SCRIPTS)),
    "pdf that acts on closing": ("surat.pdf", lambda: in_catalog("/AA", DictionaryObject({name("/WC"): SCRIPT}))),
    "pdf with a page that acts": ("surat.pdf", lambda: on_page("/AA", DictionaryObject({name("/O"): SCRIPT}))),
    "pdf that launches": ("surat.pdf", lambda: in_catalog("/OpenAction", act("/Launch", F=EVIL_FILE))),
    "pdf with a link that launches": ("surat.pdf", lambda: note("/Link", A=act("/Launch", F=EVIL_FILE))),
    "pdf that sends a form": ("surat.pdf", lambda: note("/Link", A=act("/SubmitForm", F=EVIL_FILE))),
    "pdf that fetches another": ("surat.pdf", lambda: note("/Link", A=act("/GoToR", F=EVIL_FILE))),
    "pdf with a form": ("surat.pdf", lambda: in_catalog("/AcroForm", FIELDS)),
    "pdf with a film": ("surat.pdf", lambda: note("/RichMedia", RichMediaContent=EVIL_FILE)),
    "pdf with a file on its page": ("surat.pdf", lambda: note("/FileAttachment", FS=EVIL_FILE)),
    "pdf with a file inside": ("surat.pdf", lambda: changed(attach)),
    "pdf with words about it": ("surat.pdf", lambda: changed(lambda w: w.add_metadata({"/Keywords": MARK.decode()}))),
    "pdf locked for its owner": ("surat.pdf", lambda: locked("")),
    "pdf that unpacks without end": ("surat.pdf", stream_bomb),
    "pdf on an endless sheet": (
        "surat.pdf",
        lambda: on_page("/MediaBox", ArrayObject([NumberObject(n) for n in (0, 0, 9_000_000, 9_000_000)])),
    ),
}
