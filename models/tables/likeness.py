"""What a case is recognised by, as keyed marks: pieces of its text, its ticket, and who and what is in it."""

import peewee as pw

from models.store.base import Model
from models.tables.complaint import CaseKey

TEXT, TICKET, NAME, ACCUSED, ADDRESS = range(1, 6)  # the kinds of marks, as they lie in the table


class Likeness(Model):
    """One keyed mark of a case: equal for what is alike, read by nobody, and asked for by no search.

    There are at most some twenty of a case. It hangs on the case's key: the database drops it with the key.
    """

    kept_by_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    kind = pw.SmallIntegerField()
    mark = pw.BigIntegerField()

    class Meta:
        primary_key = pw.CompositeKey("mark", "case")

    @classmethod
    def create_table(cls, safe: bool = True, **options: object) -> None:
        """Its key is all that is ever asked, so that SQLite keeps the rows in it and no second time beside it."""
        cls._meta.without_rowid = not isinstance(cls._meta.database, pw.PostgresqlDatabase)
        super().create_table(safe, **options)
