"""A page with very many rows in fewer bytes: what HTML lets go is left out of its tags."""

import re

MANY = 50  # rows: of more than these a page is made lean
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([^"\s=<>`\'&]+)"')
_NEEDLESS = re.compile(r"</t[dhr]>|(?<=\n)\s+")  # ends that the next cell tells, and indents


def lean(page: str, base: str) -> str:
    """The page at this address without the quotes, ends of cells and indents that it does not need; links to what lies
    beneath it are told from there. Nothing on a list keeps its breaks, as a text to be written in would."""
    beneath = re.compile(rf'(?<=^<a href="){re.escape(base)}(?=[\w-])')
    return _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", beneath.sub("", tag[0])), _NEEDLESS.sub("", page))
