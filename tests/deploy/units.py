"""A unit of systemd as far as the panel's own go: sections, settings that may stand more than once, in their order."""

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Unit:
    """What stands in a unit: section, name, value."""

    lines: tuple[tuple[str, str, str], ...]

    @classmethod
    def read(cls, path: Path) -> "Unit":
        section, lines = "", []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
            elif line and not line.startswith("#"):
                name, sign, value = line.partition("=")
                assert sign, line
                lines.append((section, name, value))
        return cls(tuple(lines))

    def get(self, name: str) -> str:
        """The value of a setting that stands once."""
        [value] = [value for _, setting, value in self.lines if setting == name]
        return value

    def settings(self, section: str) -> dict[str, str]:
        return {name: value for where, name, value in self.lines if where == section}

    @property
    def command(self) -> list[str]:
        return shlex.split(self.get("ExecStart"))


def environment_in(path: Path) -> dict[str, str]:
    """What an EnvironmentFile says, as systemd and a shell alike read it."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name: "".join(shlex.split(value)) for name, _, value in (line.partition("=") for line in lines)}
