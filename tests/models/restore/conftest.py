"""The same as for the backups themselves: an office, another disk, and an empty machine."""

from tests.models.backup.conftest import elsewhere, machine, provable, source

__all__ = ["elsewhere", "machine", "provable", "source"]
