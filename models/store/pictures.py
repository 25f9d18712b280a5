"""Pictures re-encoded for evidence and letterhead, without metadata."""

import io
import warnings

from PIL import Image, ImageChops

from models.store.upload_kinds import JPEG, PNG, Refused

_SCAN, _SOI = 0xDA, b"\xff\xd8"
_ADOBE, _JFIF = 0xEE, 0xE0  # segments with the colour encoding, which decoders need
_LEFT_OUT = {*range(0xE0, 0xF0), 0xFE} - {_ADOBE, _JFIF}


def without_exif(jpeg: bytes) -> bytes:
    """The JPEG without metadata segments, not re-encoded; ValueError for malformed segments before the scan."""
    if not jpeg.startswith(_SOI):
        raise ValueError("no JPEG")
    segments, at = [_SOI], 2
    while jpeg[at + 1] != _SCAN:
        if jpeg[at] != 0xFF:
            raise ValueError("no segment")
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in _LEFT_OUT:
            segments.append(jpeg[at:end])
        at = end
    return b"".join([*segments, jpeg[at:]])


THUMB = 160  # pixels of the longer side of a thumbnail
SIDE = 2560  # pixels of the longer side at most: a photographed page stays readable
MOST_PIXELS = 50_000_000
QUALITY = 85
LARGE = f"gambarnya lebih dari {MOST_PIXELS // 1_000_000} megapiksel."
PARSERS = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",), "WEBP": ("WEBP",), "HEIF": ("HEIF",), "TIFF": ("TIFF",)}
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def redrawn(data: bytes, kind: str, most: int) -> tuple[bytes, str]:
    """The re-encoded picture and its media type; a PNG of more than `most` bytes becomes a JPEG."""
    picture = drawn(data, kind)
    if kind == "PNG":
        lossless = picture_bytes(picture, "PNG")
        if len(lossless) <= most:
            return lossless, PNG
    return picture_bytes(on_white(picture), "JPEG", quality=QUALITY, optimize=True), JPEG


def thumbnail_jpeg(data: bytes, kind: str) -> bytes:
    """The thumbnail of a stored picture as a JPEG; `kind` is its media type. OSError if it cannot be decoded."""
    stored: Image.Image = Image.open(io.BytesIO(data), formats=["PNG" if kind == PNG else "JPEG"])
    stored.draft("RGB", (THUMB, THUMB))
    picture = _plain(stored)
    picture.thumbnail((THUMB, THUMB))
    return picture_bytes(on_white(picture), "JPEG", quality=QUALITY)


def drawn(data: bytes, kind: str, frame: int = 0) -> Image.Image:
    """The picture, upright as its metadata say and fitted to `SIDE`; of a TIFF with several the one of this number."""
    if kind == "HEIF":
        from pillow_heif import register_heif_opener  # slow to import and rarely needed

        register_heif_opener(thumbnails=False)
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is stricter
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=PARSERS[kind])
    except Image.DecompressionBombError as bomb:
        raise Refused(LARGE) from bomb
    if frame:
        picture.seek(frame)
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(LARGE)
    picture.draft("RGB", (SIDE, SIDE))
    turn = None if kind == "TIFF" else _turn(picture)  # Pillow turns a TIFF when it decodes it
    picture = _plain(picture)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    picture = picture.transpose(turn) if turn is not None else picture
    picture.info = {}
    return picture


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return None  # unreadable EXIF data is ignored


def _plain(picture: Image.Image) -> Image.Image:
    """Converted to L, RGB or RGBA, the modes from which both stored formats can be written."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256)
    clear = "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    grey = picture.mode in ("1", "L", "I")
    return picture.convert("RGBA" if clear else "L" if grey else "RGB")


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def picture_bytes(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


SIZE = (300, 360)  # pixels: 17 × 20.4 mm at 450 dots an inch
LEAST = 120  # pixels of the longer side: a smaller emblem would be blurred in print
EMBLEM_QUALITY = 88
NARROW = 40  # pixels of the shorter side: anything less is a line
SMALL = f"gambarnya terlalu kecil; sisi panjangnya sedikitnya {LEAST} piksel."
THIN = f"gambarnya terlalu pipih; sisi pendeknya sedikitnya {NARROW} piksel."
EMPTY = "gambarnya kosong: seluruhnya putih atau tembus pandang."


def fit_to_letterhead(data: bytes, kind: str) -> bytes:
    """The emblem cropped and centred on a white canvas of the letterhead's proportions."""
    picture = on_white(drawn(data, kind)).convert("RGB")
    edge = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    if edge is None:
        raise Refused(EMPTY)
    picture = picture.crop(edge)
    if max(picture.size) < LEAST:
        raise Refused(SMALL)
    if min(picture.size) < NARROW:
        raise Refused(THIN)
    scale = min(SIZE[0] / picture.width, SIZE[1] / picture.height)
    picture = picture.resize(
        (max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS
    )
    field = Image.new("RGB", SIZE, "white")
    field.paste(picture, ((SIZE[0] - picture.width) // 2, (SIZE[1] - picture.height) // 2))
    return picture_bytes(field, "JPEG", quality=EMBLEM_QUALITY, optimize=True)
