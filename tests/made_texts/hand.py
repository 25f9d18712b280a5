"""How people type: short forms, slips, capitals, breaks, and numbers in every form."""

import re
from random import Random

_SHORT = """yang yg, dengan dgn, karena krn, tidak tdk, sudah sdh, untuk utk, saya sy, pada pd, dari dr, dalam dlm,
bulan bln, tahun thn, orang org, rumah rmh, belum blm, juga jg, kepada kpd, sampai smp, tetapi tp, tanggal tgl, bisa bs,
lagi lg, anak ank, dan dn, nomor no, sekarang skrg, bagaimana gmn, mohon mhn"""
SHORT = dict(pair.split() for pair in _SHORT.split(","))
WORD = re.compile(r"[A-Za-z]{4,}")
EMOJI = ("🙏", "😭", "🙏🙏", "😡", "👍", "💔", "🆘", "😢")


def shortened(chance: Random, text: str, share: float) -> str:
    """Some of the common words in the short form of a phone."""
    words = (SHORT[w] if w in SHORT and chance.random() < share else w for w in text.split(" "))
    return " ".join(words)


def slipped(chance: Random, text: str, share: float) -> str:
    """Some words with a slip: two letters swapped, one lost, one twice."""
    return WORD.sub(lambda found: _slip(chance, found[0]) if chance.random() < share else found[0], text)


def _slip(chance: Random, word: str) -> str:
    at = chance.randint(1, len(word) - 2)
    return chance.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )


def phone(chance: Random) -> str:
    """A mobile number in one of the forms in which people write theirs; the prefix is not in use."""
    rest = f"{chance.randint(0, 99_999_999):08}"
    parts = ("899", rest[:4], rest[4:])
    start, gap = chance.choice(
        (("0", ""), ("0", "-"), ("0", " "), ("+62 ", "-"), ("+62", ""), ("62", ""), ("(0)", "."))
    )
    return start + gap.join(parts)


def nik(chance: Random) -> str:
    """Sixteen digits of a region that there is not."""
    day = chance.randint(1, 28) + chance.choice((0, 40))
    return f"99{chance.randint(0, 9999):04}{day:02}{chance.randint(1, 12):02}{chance.randint(0, 99):02}" + (
        f"{chance.randint(1, 9999):04}"
    )


def ticket(chance: Random, medium: str) -> str:
    """What the medium calls the message; most have no such thing."""
    if medium == "lapor":
        return str(chance.randint(7_000_000, 9_999_999))
    if medium == "sambat":
        return f"SMB-{chance.randint(2024, 2026)}-{chance.randint(1, 99_999):05}"
    return f"@{chance.choice(('warga', 'arek', 'ibu'))}{chance.randint(1, 9999)}" if medium == "sosmed" else ""


def odd(chance: Random, text: str) -> str:
    """The text as some of the boxes hand it on: each oddity in its share."""
    if chance.random() < 0.06:
        text = text.replace(". ", ".\\n")
    elif chance.random() < 0.25:
        text = text.replace(". ", ".\n" if chance.random() < 0.6 else ".\r\n\r\n")
    if chance.random() < 0.05:
        text += f" NIK {nik(chance)}"
    if chance.random() < 0.04:
        text += " " + chance.choice(EMOJI)
    if chance.random() < 0.03:
        text = text.upper()
    if chance.random() < 0.015:
        text = chance.choice("-=") + text
    return text
