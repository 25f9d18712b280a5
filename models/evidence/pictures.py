"""Pictures are drawn anew: upright, of a sane size, with nothing of the file that came in but what one sees."""

import io
import warnings

from PIL import Image

from models.evidence.kinds import JPEG, PNG, Refused

THUMB = 160  # pixels of the longer side of a picture in small
SIDE = 2560  # pixels of the longer side that are kept: a photographed page stays readable
MOST_PIXELS = 50_000_000
QUALITY = 85
LARGE = f"gambarnya lebih dari {MOST_PIXELS // 1_000_000} megapiksel."
PARSERS = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",), "WEBP": ("WEBP",), "HEIF": ("HEIF",)}
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
    """The picture's new bytes (at most about `most`, where drawing can see to it) and what they are."""
    picture = drawn(data, kind)
    if kind == "PNG":
        lossless = picture_bytes(picture, "PNG")
        if len(lossless) <= most:
            return lossless, PNG
    return picture_bytes(on_white(picture), "JPEG", quality=QUALITY, optimize=True), JPEG


def in_small(data: bytes, kind: str) -> bytes:
    """A picture that is kept, as a small JPEG; `kind` is its media type. OSError if it cannot be drawn."""
    kept: Image.Image = Image.open(io.BytesIO(data), formats=["PNG" if kind == PNG else "JPEG"])
    kept.draft("RGB", (THUMB, THUMB))
    picture = _plain(kept)
    picture.thumbnail((THUMB, THUMB))
    return picture_bytes(on_white(picture), "JPEG", quality=QUALITY)


def drawn(data: bytes, kind: str) -> Image.Image:
    if kind == "HEIF":
        from pillow_heif import register_heif_opener  # only who needs it waits for it

        register_heif_opener(thumbnails=False)
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the bound below is the stricter one
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=PARSERS[kind])
    except Image.DecompressionBombError as bomb:
        raise Refused(LARGE) from bomb
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(LARGE)
    picture.draft("RGB", (SIDE, SIDE))
    turn = _turn(picture)
    picture = _plain(picture)
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    picture = picture.transpose(turn) if turn is not None else picture
    picture.info = {}
    return picture


def _turn(picture: Image.Image) -> Image.Transpose | None:
    try:
        return _UPRIGHT.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        return None  # data about the picture that cannot be read says nothing of it


def _plain(picture: Image.Image) -> Image.Image:
    """In grey, colour, or colour with transparency: the three that both kinds kept know, or are made of."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value / 256)
    clear = "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    grey = picture.mode in ("1", "L", "I")
    return picture.convert("RGBA" if clear else "L" if grey else "RGB")


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    return sheet


def picture_bytes(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()
