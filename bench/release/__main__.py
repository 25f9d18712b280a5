"""`make release`: builds the archive of HEAD in build/release/, or prints a sentence why it cannot.

Signed with MINISIGN_KEY=file (needs minisign) or GPG_KEY=key id from the environment; UNSIGNED=1 makes an unsigned
release.
"""

import argparse
import shutil
import sys
from pathlib import Path

from bench.release import about, licences, trusted
from bench.release.archive import HOUSE, Head, Members, tracked_files, with_manifest, write_archive
from bench.release.signing import Signer, signer_named, write_sums
from bench.release.wheels import KIND, LOCK, Packages, build_packages

TARGET = HOUSE / "build" / "release"


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make release")
    parser.add_argument("--python", default="python3", help="the Python that the server has")
    parser.add_argument("--sbom", type=Path, default=HOUSE / "build" / "sbom.json")
    options = parser.parse_args(words)
    try:
        signer, head = signer_named(), Head.of_clean_tree()
        made = make_release(head, options.python, options.sbom, signer)
    except ValueError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"{made} and {signer.about}")
    return 0


def make_release(head: Head, python: str, sbom: Path, signer: Signer) -> Path:
    """Build the archive, SHA256SUMS and its signature in an emptied folder; the path of the archive."""
    work = TARGET / "work"
    shutil.rmtree(TARGET, ignore_errors=True)
    work.mkdir(parents=True)
    packages = build_packages(python, HOUSE / "requirements.txt", work, at=head.at)
    members = tracked_files(head) | _added(head, packages, sbom, signer)
    made = write_archive(TARGET / f"panel-{head.version}.tar.gz", with_manifest(members), head)
    shutil.rmtree(work)
    write_sums(TARGET, signer)
    return made


def _added(head: Head, packages: Packages, sbom: Path, signer: Signer) -> Members:
    """The generated files in the archive: lock file, licences, SBOM, wheels, …"""
    texts = {
        LOCK: packages.lock,
        KIND: f"{packages.kind}\n",
        "LISENSI-PIHAK-KETIGA.txt": licences.text(packages.installed),
        "JANJI-TERUJI.txt": trusted.text(head),
        "RILIS.txt": about.text(head, packages, signer),
    }
    files = {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in packages.wheels} | {"sbom.json": sbom.read_bytes()}
    files |= {name: text.encode() for name, text in texts.items()}
    return {name: (data, False) for name, data in files.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
