"""The page of last resort: words and nothing else, for when no template, database or address can be relied on."""

from html import escape

PAGE = """<!DOCTYPE html>
<html lang="id">
<head><meta charset="utf-8"><title>{heading} – Panel Pengaduan</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{heading}</h1><p>{sentence}</p>{way}<p>Kode {code}</p></main></body>
</html>
"""
WAY = '<p><a href="/">Ke Beranda</a></p>'


def plain_page(code: int, words: tuple[str, str], *, way: bool = True) -> str:
    """A whole page that asks for no other file."""
    heading, sentence = (escape(one) for one in words)
    return PAGE.format(code=code, heading=heading, sentence=sentence, way=WAY if way else "")
