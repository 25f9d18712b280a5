"""The program that reads the backups lies beside them, as it runs here: once for each version, its packages with it."""

import tarfile
from pathlib import Path

from models import release
from models.backup.place import UNPROVEN, ArchiveFolder

NAME = "panel-program-{}.tar.gz"
MANIFEST = "MANIFEST.sha256"  # of a release: each line a hash, two spaces, a file
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
        released = _released(house)
        tar.add(house, name.removesuffix(".tar.gz"), filter=lambda entry: _kept(entry, house, var, released))
    place.rename(name + UNPROVEN, name)


def _released(house: Path) -> set[str]:
    """The files and folders of a release, as its manifest names them; none where the program came otherwise."""
    if not (house / MANIFEST).exists():
        return set()
    named = [Path(MANIFEST), *(Path(line[66:]) for line in (house / MANIFEST).read_text("utf-8").splitlines())]
    return {str(path) for file in named for path in (file, *file.parents)}


def _kept(entry: tarfile.TarInfo, house: Path, var: Path, released: set[str]) -> tarfile.TarInfo | None:
    """An entry as it goes along, None for what does not. A release goes as its manifest names it, else it is refused
    where it is installed."""
    inner = Path(*Path(entry.name).parts[1:])
    left_out = [part for part in inner.parts if part in LEFT_OUT or part.startswith(".")]
    goes = str(inner) in released if released else not left_out
    data = var.is_relative_to(house) and (house / inner).is_relative_to(var)
    if not goes or data or not (entry.isfile() or entry.isdir() or entry.issym()):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry
