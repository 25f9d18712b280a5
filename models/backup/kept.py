"""The kept files as rows name them: each by its path, with what it is and of which case, and whether it is sound."""

from hashlib import sha256
from pathlib import Path

from models.store.base import Model, all_models, database

CHUNK = 1 << 20
NAME = 64  # characters of a SHA-256


def with_files() -> list[type[Model]]:
    """The tables whose rows name a file."""
    return [model for model in all_models() if "path" in model._meta.fields]


def named_paths() -> list[str]:
    """The paths that rows name, each once; what is kept elsewhere has none."""
    paths: set[str] = set()
    for model in with_files():
        query = f'SELECT "path" FROM "{model._meta.table_name}" WHERE "path" <> \'\''  # noqa: S608 - our own models
        paths.update(path for (path,) in database.execute_sql(query))
    return sorted(paths)


def is_sound(file: Path) -> bool:
    """Whether the bytes that lie there are those that the name says; False for a file that is gone."""
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
