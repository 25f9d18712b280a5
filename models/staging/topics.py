"""Topics of others and the categories that they are here: kept for each kind of file."""

from collections import Counter
from collections.abc import Iterable, Mapping

from models.import_.incoming import IncomingCase
from models.staging.batches import ImportTopic
from models.staging.lifting import LiftedNumbers
from models.store.base import database

LONGEST = 200


def topic_key(topic: str) -> str:
    """By what two spellings of a topic are the same; it is kept in clear, so that no number of a person stays in it."""
    return " ".join(LiftedNumbers().without_numbers(topic).casefold().split())[:LONGEST]


def topics_among(cases: Iterable[IncomingCase]) -> Counter[str]:
    """The topics of a file by key, with how many rows have each; those without one are none."""
    return Counter(key for case in cases if (key := topic_key(case.topic)))


def keep_topics(form: str, categories: Mapping[str, int | None]) -> None:
    """From now on these topics of this kind of file are these categories; None: nobody has sorted it."""
    with database.atomic():
        for topic, category in categories.items():
            ImportTopic.delete().where((ImportTopic.form == form) & (ImportTopic.topic == topic)).execute()
            if category:
                ImportTopic.create(form=form, topic=topic, category=category)


def kept_topics(form: str) -> dict[str, int]:
    """Category by topic."""
    rows = ImportTopic.select(ImportTopic.topic, ImportTopic.category).where(ImportTopic.form == form)
    return dict(rows.tuples())
