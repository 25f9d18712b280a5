"""Every record by its key: each module beside this one is imported, so that a new record is found by itself."""

import importlib
import pkgutil
from pathlib import Path

from models.fields import blanks
from models.records.base import Record, registry

for _module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
    importlib.import_module(f"{__package__}.{_module}")

RECORDS: dict[str, type[Record]] = registry()
for _model in RECORDS.values():  # the list of its records is sorted and filtered by what fits a column
    for _blank in (field for field in _model.blanks() if field.choices):
        _model.add_index(_blank)
blanks.check(RECORDS.values())
