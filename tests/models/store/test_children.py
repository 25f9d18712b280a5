"""A process of its own begins with what it needs alone: all else costs each file and each paper time and memory."""

import subprocess
import sys

import pytest

from models.store.resource_limits import HOUSE

UNNEEDED = {
    "app": {
        "xhtml2pdf",  # the print worker's
        "reportlab",
        "pypdf",
        "pypdfium2",
        "xlsxwriter",
        "ftfy",  # of imported files
        "holidays",
        "num2words",
        "prometheus_client",  # where a port is set
        "cryptography.x509",
        "models.demo.perform",  # only the demo's first start
    },
    "models.store.upload_worker": {"PIL", "pypdf", "pypdfium2", "reportlab", "peewee", "flask"},
    "models.imports.filechild": {"PIL", "reportlab", "peewee", "flask"},
    "models.operations.backup_worker": {"PIL", "reportlab", "flask"},
    "papers.printing.print_worker": {"xhtml2pdf", "pypdf", "cryptography", "flask"},
}


@pytest.mark.parametrize("module", UNNEEDED)
def test_a_process_begins_without_what_it_does_not_need(module: str) -> None:
    asked = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    assert module in loaded.split()
    assert UNNEEDED[module] & set(loaded.split()) == set()
