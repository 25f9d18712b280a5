"""`make deb`: the release as a Debian package, which upgrades by deploy/upgrade.

dpkg removes the files of an older version, so the package contains only the archive, which its postinst unpacks next to
the older ones.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from bench.release.__main__ import TARGET
from bench.release.archive import HOUSE, Head
from bench.release.signing import signer_named, write_sums
from sop.clock import WIB

NAME = "panel-pengaduan"
MAKER = "Panel Pengaduan contributors <panel@pengaduan.example>"
NEEDED = ("adduser", "curl", "make", "nginx", "openssl", "python3 (>= 3.11)", "python3-venv")  # util-linux is there
SCRIPTS = ("postinst", "postrm")
CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maker}
Installed-Size: {size}
Depends: {needed}
Recommends: ufw
Suggests: postgresql, postgresql-contrib
Section: web
Priority: optional
Description: panel for the complaints that a government office handles
 Lays a version of the panel into /opt/panel/releases. The first is put to
 work by its deploy/install; each later one takes its place by deploy/upgrade,
 or the one before serves on.
"""
CHANGELOG = """\
{name} ({version}) stable; urgency=medium

  * See /opt/panel/releases/{version}/CHANGELOG.md.

 -- {maker}  {date}
"""
COPYRIGHT = "{licence}\nThe packages in wheels/ have licences of their own: LISENSI-PIHAK-KETIGA.txt in the archive.\n"
LACKING = "{} is not there: make the release first."


def main() -> int:
    try:
        head, signer = Head.of_clean_tree(), signer_named()
        archive = TARGET / f"panel-{head.version}.tar.gz"
        if not archive.exists():
            raise ValueError(LACKING.format(archive))
        made = build_deb(archive, head.version, head.at, HOUSE / "deploy" / "debian")
        write_sums(TARGET, signer)
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{made} and {signer.about}")
    return 0


def build_deb(archive: Path, version: str, at: int, scripts: Path) -> Path:
    """Build the package in the folder of the archive; reproducible."""
    architecture = _run("dpkg", "--print-architecture")
    tree, made = archive.parent / "deb", archive.parent / f"{NAME}_{version}_{architecture}.deb"
    shutil.rmtree(tree, ignore_errors=True)
    control, documents, payload = tree / "DEBIAN", tree / "usr/share/doc" / NAME, tree / "usr/share" / NAME
    for folder in (control, documents, payload):
        folder.mkdir(parents=True)
    shutil.copyfile(archive, payload / archive.name)
    known = {"name": NAME, "version": version, "maker": MAKER, "architecture": architecture}
    _write_documents(documents, at, known)
    size = sum(path.stat().st_size for path in tree.rglob("*") if path.is_file()) // 1024 + 1
    (control / "control").write_text(CONTROL.format(size=size, needed=", ".join(NEEDED), **known))
    for script in SCRIPTS:
        (control / script).write_text((scripts / script).read_text(encoding="utf-8").replace("@VERSION@", version))
    (control / "md5sums").write_text("".join(_md5_line(path, tree) for path in sorted((tree / "usr").rglob("*"))))
    for path in tree.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.name in SCRIPTS else 0o644)
    _run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made), SOURCE_DATE_EPOCH=str(at))
    shutil.rmtree(tree)
    return made


def _write_documents(folder: Path, at: int, known: dict[str, str]) -> None:
    date = format_datetime(datetime.fromtimestamp(at, WIB))
    packed = gzip.compress(CHANGELOG.format(date=date, **known).encode(), mtime=at)
    (folder / "changelog.gz").write_bytes(packed)
    licence = (HOUSE / "LICENSE").read_text(encoding="utf-8")
    (folder / "copyright").write_text(COPYRIGHT.format(licence=licence), encoding="utf-8")


def _md5_line(path: Path, tree: Path) -> str:
    """A line of md5sums, by which dpkg detects accidental changes; authenticity is by the release's signature."""
    if path.is_dir():
        return ""
    return f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}\n"


def _run(*words: str, **more: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **more})
    if done.returncode:
        raise ValueError(f"{' '.join(words)}: {done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
