"""What Apache PDFBox Preflight says of PDFs: it checks PDF/A-1b, which is 2b with less allowed (docs/adr/0067)."""

import re
import shutil
import subprocess
from pathlib import Path

JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
]
MISSING = "Preflight is missing: `make soak` installs it (Debian's libpdfbox2-java and what it needs)."
VALID = re.compile(r"The file (\S+) is a valid PDF/A-1b file")


def as_first_part(printed: bytes) -> bytes:
    """The same paper as if it said that it is PDF/A-1b."""
    assert printed.count(b"<pdfaid:part>2<") == 1
    return printed.replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<")


def refused(folder: Path) -> dict[str, str]:
    """The PDFs of a folder that are not valid, and all that was said."""
    java = shutil.which("java")
    if java is None or not all(jar.exists() for jar in JARS):
        raise RuntimeError(MISSING)
    classpath = ":".join(map(str, JARS))
    command = [java, "-cp", classpath, "org.apache.pdfbox.preflight.Validator_A1b", "group", str(folder)]
    report = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    return {file.name: report for file in folder.glob("*.pdf") if file.name not in VALID.findall(report)}
