"""What the Nu HTML checker says of pages: the W3C's own, from npm's vnu-jar, run on a Java of the system's."""

import json
import shutil
import subprocess
from pathlib import Path

JAR = Path(__file__).parents[3] / "build/vnu/node_modules/vnu-jar/build/dist/vnu.jar"
MISSING = "The Nu checker is missing: `make soak` installs it (Debian's default-jre-headless and npm, npm's vnu-jar)."


def errors(folder: Path) -> list[str]:
    """Each kind of error in the folder's pages once: the sentence, where, and what stands there."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        raise RuntimeError(MISSING)
    command = [java, "-Xss4m", "-jar", str(JAR), "--errors-only", "--format", "json", "--skip-non-html", str(folder)]
    found = json.loads(subprocess.run(command, capture_output=True, check=False, text=True).stderr)["messages"]
    return [
        f"{message} ({Path(one['url']).name}, line {one.get('lastLine')}: {one.get('extract', '').strip()})"
        for message, one in {one["message"]: one for one in reversed(found)}.items()
    ]
