"""What was found at the last look, kept as a row for each duty, whichever process has looked."""

from datetime import datetime

import peewee as pw

from models.store.base import Model, Moment

LONGEST = 400  # letters of a sentence


class DutyState(Model):
    """How one duty stands, since when, and what the last letter about it said."""

    kept_by_digest = False
    survives_restore = False  # what was wrong where the backup was made is looked for anew here

    name = pw.CharField(primary_key=True, max_length=40)
    state = pw.CharField(max_length=10)
    sentence = pw.CharField(max_length=LONGEST)
    looked_at = Moment()
    since = Moment()
    told_at = Moment(null=True)
    told_wrong = pw.BooleanField(default=False)


def looked_last() -> datetime | None:
    """When anybody has looked last, None before the first look."""
    last: datetime | None = DutyState.looked_at.python_value(DutyState.select(pw.fn.MAX(DutyState.looked_at)).scalar())
    return last
