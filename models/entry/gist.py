"""The gist of a story as a Nota Dinas proposes it: its informative sentences, as many as fit, none of them broken.

A pure function of the text, for the unit to edit; the Berkas Asesmen carries the whole story. It names nobody by a
number or a mail address, as the sentences that it is made of do not.
"""

import re

from models.entry.informative import informative_sentences

MOST = 600  # letters
_ENDED = re.compile(r"[.!?][\"”)]?$")
_CLAUSE = re.compile(r"[,;:–](?= )")


def gist_of(story: str) -> str:
    """At most MOST letters of the story. A sentence that is longer by itself ends at a clause or a word, with "…"."""
    sentences = informative_sentences(story)
    taken = _fitting(sentences)
    if taken == sentences:
        return _joined(taken)
    return _joined(_as_far_as_ended(taken)) if taken else _cut((*sentences, "")[0])


def _fitting(sentences: list[str]) -> list[str]:
    """The first sentences, as many as are together no longer than MOST."""
    taken, room = list[str](), MOST + 1
    for sentence in sentences:
        room -= len(sentence) + 1
        if room < 0:
            break
        taken.append(sentence)
    return taken


def _as_far_as_ended(taken: list[str]) -> list[str]:
    """Up to the last one with a full stop: a line that was broken while typing is no sentence. Where that would leave
    little, lines are all that there is."""
    last = max((place for place, sentence in enumerate(taken, 1) if _ENDED.search(sentence)), default=0)
    return taken[:last] if len(_joined(taken[:last])) > MOST / 2 else taken


def _joined(sentences: list[str]) -> str:
    """One text; what ended without a full stop ended with its line, and does so again."""
    return "".join(s + (" " if _ENDED.search(s) else "\n") for s in sentences).strip()


def _cut(sentence: str) -> str:
    """A sentence that is too long, as far as a clause in its second half, else a word; a word without end anywhere."""
    part = sentence[: MOST - 2]
    clauses = [clause.start() for clause in _CLAUSE.finditer(part) if clause.start() > MOST / 2]
    at = clauses[-1] if clauses else part.rfind(" ")
    return f"{(part[:at] if at > 0 else part).rstrip(' ,;:–-')} …"
