"""The words that a case is found by: as they stand, telephone numbers and NIKs masked, no drafts among them."""

import peewee as pw

from models.store.base import Model
from models.tables.complaint import CaseKey


class CaseText(Model):
    """Words of a case, in as many rows as acts have added some: one when it was received, one for each record.

    Whoever may open the case reads all of them there. The database keeps an index of trigrams beside the table
    (`index_texts` of the two stores). Rows hang on the case's key: the database drops them with the key.
    """

    kept_by_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    main = pw.BooleanField(default=False)  # what was taken down; a correction writes it anew
    text = pw.TextField()
    short = pw.TextField()  # its words of one or two letters, which make no trigram, between blanks: " rt 03 "
