"""A printed paper as an answer: kept by no browser."""

import re

from flask import Response, request

TICKET = re.compile(r"[a-z0-9]{4,12}", re.ASCII)


def pdf_response(data: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF that no browser keeps or takes for something else."""
    return Response(data, mimetype="application/pdf", headers=kept_private(name, download=download))


def kept_private(name: str, *, download: bool = True) -> dict[str, str]:
    return {
        "Content-Disposition": f'{"attachment" if download else "inline"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        **_arrival_cookie(request.form.get("unduhan", "")),
    }


def _arrival_cookie(ticket: str) -> dict[str, str]:
    """Tells the page that asked for a file that it has come: a cookie with the ticket that the form brought."""
    if not TICKET.fullmatch(ticket):
        return {}
    return {"Set-Cookie": f"unduhan={ticket}; Max-Age=60; Path=/; SameSite=Strict"}
