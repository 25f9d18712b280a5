"""SHA256SUMS of a release and its signature by minisign or gpg, or none if explicitly unsigned."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SUMS = "SHA256SUMS"
REFUSED = (
    "No release without a signature: name a key by MINISIGN_KEY=file (minisign must be installed) or GPG_KEY=who, "
    "or say UNSIGNED=1 if nobody is to be able to check where it comes from."
)
ABSENT = "{} names a key, but {} is not installed."
KEYLESS = "gpg has no secret key of {}."
FAILED = "The signature could not be made: {}"
UNSIGNED = "TIDAK ADA. Asal arsip ini hanya dapat dipastikan dengan menanyakan jumlah periksanya kepada pembuatnya."


@dataclass(frozen=True)
class Signer:
    """How a release is signed: the command without the file name, the signature's suffix, and descriptions."""

    command: tuple[str, ...]
    suffix: str
    about: str
    office_text: str

    def sign(self, folder: Path) -> None:
        for old in folder.glob(f"{SUMS}.*"):
            old.unlink()
        if not self.command:
            return
        done = subprocess.run([*self.command, SUMS], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode or not (folder / f"{SUMS}{self.suffix}").exists():
            raise ValueError(FAILED.format(done.stderr.strip()))


def signer_named() -> Signer:
    """The signer from the environment. ValueError with a sentence if none is usable."""
    key, who = os.environ.get("MINISIGN_KEY", ""), os.environ.get("GPG_KEY", "")
    if key:
        _refuse_absent("MINISIGN_KEY", "minisign")
        command = ("minisign", "-S", "-s", str(Path(key).resolve()), "-m")
        return Signer(command, ".minisig", f"its sums, signed by {key}", f"minisign, {SUMS}.minisig di samping arsip")
    if who:
        _refuse_absent("GPG_KEY", "gpg")
        if subprocess.run(["gpg", "--batch", "--list-secret-keys", who], capture_output=True, check=False).returncode:
            raise ValueError(KEYLESS.format(who))
        command = ("gpg", "--batch", "--yes", "--local-user", who, "--armor", "--detach-sign")
        return Signer(command, ".asc", f"its sums, signed by {who}", f"GPG, {SUMS}.asc di samping arsip")
    if os.environ.get("UNSIGNED") == "1":
        return Signer((), "", "its sums. It is not signed: nobody can check where it comes from", UNSIGNED)
    raise ValueError(REFUSED)


def _refuse_absent(variable: str, tool: str) -> None:
    if shutil.which(tool) is None:
        raise ValueError(ABSENT.format(variable, tool))


def write_sums(folder: Path, signer: Signer) -> None:
    """Write the checksums of all files in the folder and sign them; called again when a file is added."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(SUMS))
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="ascii")
    signer.sign(folder)
