"""Invented evidence for the demo: a photograph that nobody took, a letter that nobody wrote; always alike."""

import io
from collections.abc import Iterable
from functools import cache

from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from models.evidence.incoming import MEGABYTE, Offer, Piece, outside, piece_of

NOTE = "DATA CONTOH – bukan dokumen dinas"
SIZE = (960, 720)  # pixels
SKY, GROUND, WALL, ROOF, DOOR = "#c9d8e6", "#b9b08f", "#e8dcc4", "#9c5a3c", "#6b5a48"
LETTER = (
    "SURAT KETERANGAN (CONTOH)",
    "",
    "Yang bertanda tangan di bawah ini menerangkan bahwa keluarga tersebut",
    "pada pengaduan ini bertempat tinggal di alamat yang disebutkan dan",
    "belum menerima bantuan yang dimaksud sejak bulan Juli.",
    "",
    "Demikian keterangan ini dibuat untuk dipergunakan seperlunya.",
)


def pieces(words: Iterable[str]) -> list[Piece]:
    """The pieces that these words of the table stand for; files go the way of all files, once a process."""
    return [_invented_piece(word) for word in words]


@cache
def _invented_piece(word: str) -> Piece:
    if word == "rekaman":
        return outside("Rekaman percakapan telepon", "Lemari arsip sekretariat, rak 2")
    name, draw = {"foto": ("Foto rumah.jpg", _photo), "surat": ("Surat keterangan.pdf", _letter)}[word]
    return piece_of(Offer(name, draw()), most=10 * MEGABYTE)


def _photo() -> bytes:
    """A house under a hazy sky."""
    picture = Image.new("RGB", SIZE, SKY)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 500, *SIZE), fill=GROUND)
    pen.rectangle((260, 320, 700, 600), fill=WALL)
    pen.polygon([(220, 330), (480, 180), (740, 330)], fill=ROOF)
    pen.rectangle((430, 430, 530, 600), fill=DOOR)
    pen.rectangle((310, 390, 390, 470), fill=SKY, outline=DOOR, width=6)
    pen.text((20, 690), NOTE.replace("–", "-"), fill="#333333")  # the pen's own font has no dash
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _letter() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    text = canvas.beginText(72, 760)
    for line in LETTER:
        text.textLine(line)
    canvas.drawText(text)
    canvas.drawString(72, 60, NOTE)
    canvas.save()
    return out.getvalue()
