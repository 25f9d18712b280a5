"""A page with very many rows in fewer bytes: without what HTML can do without, and without the address of return in
each row's link. The browser names the list instead, as the page before (Referer), to this panel alone."""

import re

from flask import request

MANY = 50  # rows: of more than these a page is made lean
NAMES_PAGE_BEFORE = '<meta name="referrer" content="same-origin">'  # in place of the header's no-referrer
_HEAD = "<head>"
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([^"\s=<>`\'&]+)"')
_NEEDLESS = re.compile(r"</t[dhr]>|(?<=\n)\s+")  # ends that the next cell tells, and indents
_BACK = re.compile(r'(?<=^<a href="details/\?id=)([^"&]+)&amp;url=[^"]*')


def lean(page: str, base: str) -> str:
    """The page at this address without the quotes, ends of cells, indents and addresses of return that it does not
    need; links to what lies beneath it are relative. Nothing on a list keeps its breaks, as a text area would."""
    beneath = re.compile(rf'(?<=^<a href="){re.escape(base)}(?=[\w-])')
    page = _NEEDLESS.sub("", page).replace(_HEAD, f"{_HEAD}\n{NAMES_PAGE_BEFORE}", 1)
    return _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", _BACK.sub(r"\1", beneath.sub("", tag[0]))), page)


def list_before(base: str) -> str:
    """The list at this address as it was looked at before, if the browser says so; "" if not."""
    before, own = (request.referrer or "").partition("://")[2], f"{request.host}{base}?"
    is_own = request.method == "GET" and before.startswith(own)
    return f"{base}?{before.removeprefix(own)}" if is_own else ""
