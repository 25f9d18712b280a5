"""Every record by its key: each module beside this one is imported, so that a new record is found by itself."""

import importlib
import pkgutil
from pathlib import Path

from models.office.contacts import mask_typed
from models.records import fields
from models.records.base import Record, registry, typed_blanks

for _module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
    importlib.import_module(f"{__package__}.{_module}")

RECORDS: dict[str, type[Record]] = registry()
for _model in RECORDS.values():  # the list of its records is sorted and filtered by what fits a column
    for _blank in (field for field in _model.blanks() if field.choices):
        _model.add_index(_blank)
for _model in RECORDS.values():  # what people type tells no numbers of persons
    mask_typed(_model, typed_blanks(_model))
fields.check(RECORDS.values())
