"""What answers a POST with a page of its own, and why: every other route that changed something answers 303."""

from flask import Flask, Response, g, request

from admin.server.rate_limits import UNSAFE
from models.store import statement_counters

CHANGES_NOTHING = {
    "akun.factor": "asks once more for what was wrong; a key that is begun counts for nothing until it is confirmed",
    "dokumen.waiting": "papers as one file",
    "langkah.print_notes": "how papers will print what is typed",
    "langkah.perform": "another portion of many, what would follow from a correction, the page drawn anew",
    "langkah.sheets": "the papers as they would read",
    "meja.perform": "ticks and blanks laid open for browsers without script",
    "meja.unfold": "a case laid open, alone where a script asks",
    "pengaduan.create_view": "what follows from what is typed, and what must be told before anything is kept",
    "pengaduan.identity": "a file",
    "buku-register.taken": "a file",
    "susunan.read": "what the file of a mapping says",
    "pengaturan.letterhead": "the sheet with what is typed, without script",
    "pengaturan.letterhead_pdf": "the sample as it would be printed",
    "pengaturan.letterhead_sheet": "the sample with what is typed",
    "pengaturan.pdf": "a paper of the sample with what is typed",
    "pengaturan.sheets": "the same while one types",
    "hari-libur.whole_list": "what each line of a list would do, and why none was entered",
    "kelurahan.from_file": "what each row of a file would do to the list",
    "jam-kerja.ramadan": "the form once more, with what is wrong beside its field",
    "lock.buka": "for the script of an open page: how long until it locks, and its token",
    "passkey.ask": "for the script of a page: the question that a passkey answers, which lapses by itself",
    "newpassword.ask": "the same question, of who holds a link",
    "verification.file": "what a PDF is, which is not stored",
    "signin.masuk": "asks once more, with one sentence for every refusal",
}
NOTES_REFUSAL = {"signin_code.page": "asks once more for the code; that a passkey counts back is told in the history"}
SHOWN_ONCE = {
    "akun.factor": "the key of an authenticator, recovery codes",
    "cadangan.sheet": "the key of the backups on paper",
    "pengguna.password_link": "a link for another's password",
    "pengguna.mail_link": "the same link, and what became of the letter",
}
NAMED = {**CHANGES_NOTHING, **NOTES_REFUSAL, **SHOWN_ONCE}
OF_ALL_LISTS = {
    "action_view": "the page of what was ticked, all that a filter leaves, papers as one file",
    "create_view": "the form once more, with what is wrong beside its field",
    "edit_view": "the same",
    "export": "a file, of a list that is short by the time that it is asked for",
}


def is_named(endpoint: str) -> bool:
    return endpoint in NAMED or endpoint.rpartition(".")[2] in OF_ALL_LISTS


def watch(app: Flask) -> None:
    """Have every answer looked at, whichever test asks for it: going back or loading anew must send nothing again."""
    app.after_request(_refuse_page_of_change)


def _refuse_page_of_change(answer: Response) -> Response:
    is_page = request.method in UNSAFE and answer.status_code < 300
    if is_page and not is_named(request.endpoint or ""):
        raise AssertionError(f"{request.path} answers what was sent with a page ({answer.status_code})")
    if (
        is_page
        and request.endpoint not in {*SHOWN_ONCE, *NOTES_REFUSAL}
        and statement_counters.changes() != g.get("changes")
    ):
        raise AssertionError(f"{request.path} has changed something and answers with a page")
    return answer
