"""By which name the panel was reached, and whether a browser lets it ask for passkeys there: https and a name."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from models.sign_in.passkeys import PanelName

NOT_BY_NAME = "alamatnya berupa angka, bukan nama"
NOT_SEALED = "tidak lewat https"
NOWHERE = "Kunci sandi hanya dapat dipakai bila panel dibuka lewat https dengan sebuah nama; di sini {}."
LOCAL = "localhost"  # which browsers trust without https


def place_here() -> PanelName | None:
    """By which name the panel was reached, where a browser lets it ask for passkeys at all."""
    host = _host()
    return None if objection_here() else PanelName(host, f"{request.scheme}://{request.host.lower()}")


def objection_here() -> str:
    """Why there are none where the panel was reached, in a sentence; "" where there are."""
    host = _host()
    if host == LOCAL:
        return ""
    if _is_number(host):
        return NOWHERE.format(NOT_BY_NAME)
    return "" if request.is_secure else NOWHERE.format(NOT_SEALED)


def _host() -> str:
    return urlsplit(f"//{request.host}").hostname or ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
