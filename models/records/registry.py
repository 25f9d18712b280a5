"""All record models by key. Imports every module of this package, so that a new record needs no registration."""

import importlib
import pkgutil
from pathlib import Path

from models.office.contacts import mask_typed
from models.records import fields
from models.records.base import Record, registry, typed_blanks

for _module in sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])):
    importlib.import_module(f"{__package__}.{_module}")

RECORDS: dict[str, type[Record]] = registry()
for _model in RECORDS.values():  # indexes for sorting and filtering its list
    for _blank in (field for field in _model.blanks() if field.choices):
        _model.add_index(_blank)
for _model in RECORDS.values():  # mask personal numbers in typed texts
    mask_typed(_model, typed_blanks(_model))
fields.check(RECORDS.values())
