"""Checks the stored files against the rows that refer to them: missing, changed, or without a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment, Paper, Print
from models.complaint.returned import PaperCopy
from models.store.base import Model, all_models, database

CHUNK = 1 << 20
NAME = 64  # characters of a SHA-256


def models_with_files() -> list[type[Model]]:
    """The models whose rows refer to a stored file."""
    return [model for model in all_models() if "path" in model._meta.fields]


def referenced_paths() -> list[str]:
    """The distinct paths that rows refer to which a backup keeps; contents stored elsewhere have an empty path."""
    paths: set[str] = set()
    for model in [model for model in models_with_files() if model.survives_restore]:
        query = f'SELECT "path" FROM "{model._meta.table_name}" WHERE "path" <> \'\''  # noqa: S608 - our own models
        paths.update(path for (path,) in database.execute_sql(query))
    return sorted(paths)


def is_intact(file: Path) -> bool:
    """Whether the file's SHA-256 equals its name; False if it is missing."""
    try:
        return file_hash(file) == file.name
    except OSError:
        return False


def file_hash(file: Path) -> str:
    hashed = sha256()
    with file.open("rb") as opened:
        while piece := opened.read(CHUNK):
            hashed.update(piece)
    return hashed.hexdigest()


GONE, CHANGED, ORPHAN = "hilang", "berubah", "tanpa catatan"


@dataclass(frozen=True)
class FileFault:
    """A file that disagrees with the rows: the fault, a description of the file, and its case."""

    path: str
    fault: str
    what: str = ""
    case: str = ""  # the complaint's number, "" if it belongs to none

    def __str__(self) -> str:
        of_case = f" pada pengaduan {self.case}" if self.case else ""
        return f"{self.path}: {self.fault}" + (f" – {self.what}{of_case}" if self.what else "")


def file_faults(files: Path) -> list[FileFault]:
    """Hash every stored file: first those that are missing or changed, then those without a row."""
    named = list(_named_files())
    unsound = [(path, what, case) for path, what, case in named if not is_intact(files / path)]
    broken = [FileFault(path, CHANGED if (files / path).exists() else GONE, what, case) for path, what, case in unsound]
    # Without a row: left by an act that failed after writing, or placed there by a person.
    stored = {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()}
    orphans = sorted(stored - {path for path, _, _ in named})
    return [*broken, *(FileFault(path, ORPHAN) for path in orphans)]


def _named_files() -> Iterator[tuple[str, str, str]]:
    """(path, description, complaint number) of each file that a row refers to."""
    attachments = Attachment.select(Attachment.path, Attachment.name, Complaint.number).join(Complaint)
    for path, name, number in attachments.where(Attachment.path != "").tuples().iterator():
        yield path, f"bukti “{name}”", number
    for model, what in ((Print, "cetakan"), (PaperCopy, "berkas yang kembali dari")):
        of_papers = model.select(model.path, Paper, Complaint.number).join(Paper).join(Complaint)
        for row in of_papers.iterator():
            yield row.path, f"{what} {row.paper}", row.paper.complaint.number
    for model in models_with_files():
        if model not in (Attachment, Print, PaperCopy):
            yield from ((row.path, str(row), "") for row in model.select().where(model.path != "").iterator())
