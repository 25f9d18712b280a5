"""Keeps the present version in the corpus: `python -m tests.corpus.make [name]`; without a name, today's date."""

import argparse
import hashlib
import json
import sys
import tarfile
import tempfile
from pathlib import Path

from models import digest, schema
from models.case.issued_lists import IssuedList, content_of_list
from models.complaint import event
from models.complaint.paper import Content, Paper, content_of
from models.office.people import today
from models.reading.recap_paper import SERIES, RecapPaper, content_of_recap
from papers.printing import press
from tests.corpus.kept import CONTENTS, HERE, OFFICE, TABLES, Printed, VersionRecord, columns_said, tables_of
from tests.corpus.table import worked
from tests.office import empty, leave_key, opened, outside, owner_url_of, url_of


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("version", nargs="?", default=today().isoformat())
    version = asked.parse_args(words).version
    folder = HERE / version
    if folder.exists():
        print(f"{folder} is kept already, and what is kept is never made anew.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        keep(worked(Path(place)), folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{folder}: {size / 1000:,.0f} kB")
    return 0


def keep(path: Path, folder: Path) -> None:
    """Print one paper of each kind, and write what the office says, its contents, and the office itself."""
    (folder / CONTENTS).mkdir(parents=True)
    with opened(path):
        printed = {paper.kind: _printed(paper, folder) for paper in _first_of_each_kind()}
        recap, lists = RecapPaper.get(), IssuedList.select().order_by(IssuedList.id.desc())
        contents = {SERIES: content_of_recap(recap), **{paper.kind: content_of_list(paper) for paper in lists}}
        of_no_case = {kind: _printed_of_no_case(kind, content, folder) for kind, content in contents.items()}
        entries, broken = event.verify()
        assert not broken, broken
        VersionRecord(digest.digest(), entries, columns_said(), printed, of_no_case).write(folder)
    with outside(path) as raw:
        raw.execute("PRAGMA journal_mode = delete")
        raw.execute("VACUUM")
    _pack(path, folder)


def _first_of_each_kind() -> list[Paper]:
    found: dict[str, Paper] = {}
    for paper in Paper.select().order_by(Paper.id):
        found.setdefault(paper.kind, paper)
    return list(found.values())


def _printed(paper: Paper, folder: Path) -> Printed:
    content = content_of(paper, event.open_seals([paper.complaint_id])[paper.complaint_id])
    _write_content(content, folder / CONTENTS / f"{paper.kind}.json")
    return Printed(paper.public_id, press.print_paper(paper.id).sha256)


def _printed_of_no_case(kind: str, content: Content, folder: Path) -> Printed:
    _write_content(content, folder / CONTENTS / f"{kind}.json")
    return Printed(content["paper"]["number"], hashlib.sha256(press.unissued_pdf(content)).hexdigest())


def _write_content(content: Content, path: Path) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _pack(path: Path, folder: Path) -> None:
    """The office's file, its key, the files under VAR_DIR, and the tables as PostgreSQL has them."""
    leave_key(path.parent)
    (path.parent / TABLES).write_text(_tables(path.parent), encoding="utf-8")
    with tarfile.open(folder / OFFICE, "w:xz", preset=9) as packed:
        for name in (path.name, "panel.key", "files", TABLES):
            packed.add(path.parent / name, name, filter=_nobodys)


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Whose file it was, and when it was written, is nobody's matter."""
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def _tables(folder: Path) -> str:
    path = empty(folder, "postgresql")
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    return tables_of(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
