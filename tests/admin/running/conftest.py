"""The office with a case of every kind, on which every form of the panel is asked for."""

from tests.admin.hostile.conftest import grid  # noqa: F401 - a fixture
