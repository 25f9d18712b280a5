"""The records that transitions write: one module, one model each. A new module here is found by itself."""

import importlib
import pkgutil

from models.records.base import Record, registry

for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")

RECORDS: dict[str, type[Record]] = registry()
