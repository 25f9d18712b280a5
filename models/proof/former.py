"""Rows that stood before rows were proven get their hashes once, at the start after the upgrade; killed, it goes on."""

import peewee as pw

from models.proof.spans import Span, models_of_cases, proving_models, spans
from models.store.base import Model, database
from models.store.rows import hashed_rows, shape_of
from models.tables.event import append_proof, head_of_history
from models.tables.proof import FORMER, WHOLE, Hashes, Proof


def prove_what_stood() -> int:
    """Append the hashes of all that counts as proof, an entry a case; how many cases there were.

    Call before anybody works on the database. Done once, it finds nothing to do.
    """
    if head_of_history().proven:
        return 0
    done = Proof.select(pw.fn.MAX(Proof.complaint)).where(Proof.kind == FORMER).scalar()
    count = sum(_prove(span) for span in spans(done))
    with database.atomic():
        append_proof(head_of_history(), WHOLE, {None: _beside_cases()})
    return count


def _prove(span: Span) -> int:
    with database.atomic():
        hashes: dict[int | None, Hashes] = {}
        for model in models_of_cases():
            _collect(hashes, model, span.condition(shape_of(model).case))
        append_proof(head_of_history(), FORMER, hashes)
    return len(hashes)


def _beside_cases() -> Hashes:
    """What is of no case: masters, numbers that were skipped."""
    hashes: dict[int | None, Hashes] = {}
    for model in proving_models():
        _collect(hashes, model, f"{shape_of(model).case} IS NULL")
    return hashes.get(None, {})


def _collect(hashes: dict[int | None, Hashes], model: type[Model], condition: str) -> None:
    for case, key, hashed in hashed_rows(model, condition):
        hashes.setdefault(case, {}).setdefault(model._meta.table_name, {})[str(key)] = hashed
