"""An emblem as the letterhead needs it: upright on white, of one shape and size, as JPEG, which prints fastest."""

from PIL import Image, ImageChops

from models.evidence.kinds import Refused
from models.evidence.pictures import drawn, on_white, picture_bytes

SIZE = (300, 360)  # pixels: 17 × 20.4 mm at 450 dots an inch
LEAST = 120  # pixels of the longer side: less would be blurred in print
QUALITY = 88
NARROW = 40  # pixels of the shorter side: less is a line and no emblem
SMALL = f"gambarnya terlalu kecil; sisi panjangnya sedikitnya {LEAST} piksel."
THIN = f"gambarnya terlalu pipih; sisi pendeknya sedikitnya {NARROW} piksel."
EMPTY = "gambarnya kosong: seluruhnya putih atau tembus pandang."


def fit_to_letterhead(data: bytes, kind: str) -> bytes:
    """The emblem without its empty margin, in the middle of a white field of the letterhead's shape."""
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
    return picture_bytes(field, "JPEG", quality=QUALITY, optimize=True)
