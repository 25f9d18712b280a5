"""Long works of the user: how pages begin them and find them again, and the line about them on every page.

The line costs a statement only in browsers that carry the mark: a cookie that says that there is something to look
for. The mark holds nothing else; whose works they are is asked of the session.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, redirect, request, url_for
from flask_login import current_user

from admin.door.rows import signed_in
from admin.door.sessions import cached_per_request
from models.office.long_work import LASTS, LongWork, Progress, begin_file, register, works_of
from models.store.base import now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

COOKIE = "pekerjaan"
HOURS = int(LASTS.total_seconds() // 3600)


def install(app: Flask) -> None:
    app.after_request(_with_mark)
    app.context_processor(
        lambda: {"long_works": announced_works, "address_of_work": address_of, "link_of_work": link_of}
    )


def announce() -> None:
    """Have the browser look for works of its user from now on."""
    g.has_long_works = True


def begin_file_work(title: str, make: Callable[[Progress], str], *, unit: str, total: int, again: str = "") -> Any:
    """Begin in a thread what makes a file, and redirect to its page."""
    progress = register(title, by=signed_in(), unit=unit, total=total, again=again)
    begin_file(progress, make)
    announce()
    return redirect(url_for("pekerjaan.work", public_id=progress.row.public_id), 303)


def large_work_page(view: Any, question: str, yes: str, *, back: str, **more: Any) -> str:
    """The page that asks, with its numbers, before a work begins; `more`: address and fields of its form, `cut`."""
    facts = {"question": question, "yes": yes, "back": back, "hours": HOURS, "fields": (), "action": request.full_path}
    return str(view.render("admin/lists/large_work.html", **{**facts, **more}))


def work_of_page(url: str) -> LongWork | None:
    """The user's work that runs, or was interrupted, and is shown on the page with this address."""
    return next((work for work in own_works() if work.url == url and not work.ended), None)


def announced_works() -> list[LongWork]:
    """What the line on this page is about: what runs, and what ended and was not seen yet. The page of a work shows
    it itself, and counts as seen."""
    if not (current_user.is_authenticated and (COOKIE in request.cookies or g.get("has_long_works"))):
        return []
    unseen, path = [work for work in own_works() if not work.is_seen], request.path
    g.has_long_works = bool(unseen)
    for work in unseen:
        if work.is_over and work.url == path:
            mark_seen(work)
    return [work for work in unseen if path not in (work.url, address_of(work))]


def address_of(work: LongWork) -> str:
    """The page that shows the work; its own where it stopped and is begun again elsewhere."""
    shown_there = work.url and not (work.again and (work.is_failed or work.is_interrupted))
    return str(work.url) if shown_there else url_for("pekerjaan.work", public_id=work.public_id)


def link_of(work: LongWork) -> str:
    """Where one finds what the work came to: its file, or the page that shows it."""
    return url_for("pekerjaan.file", public_id=work.public_id) if work.path and work.is_over else address_of(work)


@cached_per_request
def own_works() -> list[LongWork]:
    return works_of(signed_in(), now())


def mark_seen(work: LongWork) -> None:
    try:
        work.mark_seen()
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)


def _with_mark(answer: Response) -> Response:
    """Set the mark, or take it away once there is nothing to look for."""
    has_works = g.get("has_long_works")
    if has_works and COOKIE not in request.cookies:
        answer.set_cookie(COOKIE, "1", secure=request.is_secure, httponly=True, samesite="Lax")
    elif has_works is False and COOKIE in request.cookies:
        answer.delete_cookie(COOKIE, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer
