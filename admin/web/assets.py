"""The panel's own files: their address says what is in them, so a browser may keep them and never keeps an old one."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # kept, but asked about each time: an address without its version, as in an old bookmark
SERVED = (200, 206, 304)


def install(app: Flask) -> None:
    """Put the version on the address of every file of ours."""
    app.url_defaults(_add_version)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = file_version(values["filename"])


def file_version(name: str) -> str | None:
    """The beginning of the hash of a file's content; None where there is no such file."""
    path = Path(current_app.static_folder or "", name)
    return _file_hash(path, path.stat().st_mtime_ns) if path.is_file() else None


@cache
def _file_hash(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def kept_by_browsers(answer: Response) -> str | None:
    """How long browsers may keep a file of ours; None for everything else."""
    if request.endpoint != "static" or answer.status_code not in SERVED:
        return None
    asked = request.args.get("v")
    return FOR_EVER if asked and asked == file_version((request.view_args or {})["filename"]) else ASK_AGAIN
