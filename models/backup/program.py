"""The program that reads the backups lies beside them, as it runs here: once for each version, its packages with it."""

import tarfile
from pathlib import Path

from models import release
from models.backup.place import UNPROVEN, ArchiveFolder

NAME = "panel-program-{}.tar.gz"
LEFT_OUT = {".venv", "var", "build", "tests", "bench", "__pycache__", "node_modules"}  # besides what begins with a dot


def name_of_program() -> str:
    """The name under which this version lies beside its backups."""
    return NAME.format(release.version())


def lay_program(place: ArchiveFolder, house: Path, var: Path) -> None:
    """Write this version into the place if it is not there: whole or not at all. The panel's data never go along."""
    name = name_of_program()
    if name in place.names():
        return
    with place.writing(name + UNPROVEN) as file, tarfile.open(fileobj=file, mode="w|gz") as tar:
        tar.add(house, name.removesuffix(".tar.gz"), filter=lambda entry: _kept(entry, house, var))
    place.rename(name + UNPROVEN, name)


def _kept(entry: tarfile.TarInfo, house: Path, var: Path) -> tarfile.TarInfo | None:
    """An entry as it goes along, None for what does not."""
    inner = Path(*Path(entry.name).parts[1:])
    named = [part for part in inner.parts if part in LEFT_OUT or part.startswith(".")]
    data = var.is_relative_to(house) and (house / inner).is_relative_to(var)
    if named or data or not (entry.isfile() or entry.isdir() or entry.issym()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
