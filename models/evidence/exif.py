"""JPEG data without what is said about it: segments of applications and comments are left out, the picture stays."""

_SCAN, _SOI = 0xDA, b"\xff\xd8"
_ADOBE, _JFIF = 0xEE, 0xE0  # say how the colours are coded: decoders need them
_LEFT_OUT = {*range(0xE0, 0xF0), 0xFE} - {_ADOBE, _JFIF}


def without_exif(jpeg: bytes) -> bytes:
    """The same picture data; ValueError where the segments before the scan do not follow each other."""
    if not jpeg.startswith(_SOI):
        raise ValueError("no JPEG")
    kept, at = [_SOI], 2
    while jpeg[at + 1] != _SCAN:
        if jpeg[at] != 0xFF:
            raise ValueError("no segment")
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if jpeg[at + 1] not in _LEFT_OUT:
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])
