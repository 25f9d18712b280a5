"""What files call institutions, topics and kecamatan, in clear; which category a topic is here, by kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from models.import_.incoming import IncomingCase
from models.office.lists import term_key
from models.staging.batches import ImportRow, ImportTopic
from models.staging.lifting import LiftedNumbers
from models.store.base import Columns, database, insert_rows

PORTION = 500  # topics of one statement
TOLD_AS = {"institution": "office", "topic": "topic", "kecamatan": "kecamatan"}  # by column of the row: what says it


@lru_cache(maxsize=10_000)
def clear_term(text: str) -> str:
    """A term as it may be kept in clear: without numbers of persons, in one line."""
    return " ".join(LiftedNumbers().without_numbers(text).split())


@dataclass
class TermSpelling:
    """The terms of one file, each spelled as it stood there first."""

    first: dict[tuple[str, str], str] = field(default_factory=dict)

    def columns_of(self, case: IncomingCase) -> Columns:
        """What the row is counted by."""
        columns = {}
        for name, told in TOLD_AS.items():
            term = clear_term(getattr(case, told))[: getattr(ImportRow, name).max_length].rstrip()
            columns[name] = self.first.setdefault((name, term_key(term)), term)
        return columns


def topic_key(topic: str) -> str:
    """By what two spellings of a topic are the same."""
    return term_key(clear_term(topic))


def keep_topics(form: str, categories: Mapping[str, int | None]) -> None:
    """From now on these topics of this kind of file are these categories; None: nobody has sorted it."""
    with database.atomic():
        topics = list(categories)
        for start in range(0, len(topics), PORTION):
            some = topics[start : start + PORTION]
            ImportTopic.delete().where((ImportTopic.form == form) & ImportTopic.topic.in_(some)).execute()
        rows = [{"form": form, "topic": t, "category": category} for t, category in categories.items() if category]
        insert_rows(ImportTopic, rows)


def kept_topics(form: str) -> dict[str, int]:
    """Category by topic."""
    rows = ImportTopic.select(ImportTopic.topic, ImportTopic.category).where(ImportTopic.form == form)
    return dict(rows.tuples())
