"""The ways to the cases of whoever may read only a few of very many: each by an index, none by asking all cases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.store.base import Model
from models.tables.complaint import Addressee, Complaint, is_told
from models.tables.scope import Viewer, addressees, may_see_draft, of_secrecy, read_by


@dataclass(frozen=True)
class Way:
    """A condition that some of the readable cases fulfil, answered by an index of its own: of the case, or of those
    whom the disposition in force addresses."""

    where: pw.Expression
    addressed: Callable[[Any], pw.Expression] | None = None

    def leads(self, query: Any) -> Any:
        """The rows of a query that the case stands beside. Addressees are joined, so that nobody gathers all of a
        person's before the first is met; of several in one case the earliest, so that its rows come once."""
        if self.addressed is None:
            return query.where(self.where)
        named, other = Addressee.alias("named"), Addressee.alias("other")
        here = (other.complaint == Complaint.id) & (other.leg == Complaint.leg) & self.addressed(other)
        earliest = other.select(pw.fn.MIN(other.id)).where(here)
        beside = (named.complaint == Complaint.id) & self.addressed(named) & (named.id == earliest)
        return query.join_from(Complaint, named, on=beside).where(self.where)


def ways_to_read(who: Viewer) -> list[Way]:
    """The ways one of which leads to a readable case; none for whom nearly every case is open, or no case at all.

    For whoever may read only a few cases of very many: they are found by these, not by asking all.
    """
    return [] if who.reads_most else [_way(who, standing, where) for standing, where in read_by(who).items()]


def _way(who: Viewer, standing: str, where: pw.Expression) -> Way:
    told = of_secrecy(standing) & is_told()
    which = addressees(who).get(standing)
    return Way(told, which) if which else Way(where & told)


def hangs_on_cases(model: type[Model]) -> bool:
    """Whether the model's rows are read case by case."""
    return model is Complaint or "complaint" in model._meta.fields


def rows_read_by(who: Viewer, model: type[Model], way: Way) -> Any:
    """The rows of the cases that one of the ways leads to."""
    if model is Complaint:
        return way.leads(Complaint.select())
    beside = Complaint.id == model._meta.fields["complaint"]
    return way.leads(model.select().join(Complaint, on=beside).where(may_see_draft(who, model)))
