"""The gist of a story as a Nota Dinas proposes it: its informative sentences, as many as fit, none of them broken.

A pure function of the text, for the unit to edit; the Berkas Asesmen carries the whole story. It names nobody by a
number or a mail address. Whatever it leaves out has "…" in its place, and lines stay lines.
"""

import re

from models.entry.informative import LEFT_OUT, READ, marked_sentences

MOST = 600  # letters
MORE = f" {LEFT_OUT}"
_ENDED = re.compile(r"[.!?][\"”)]?$")
_CLAUSE = re.compile(r"[,;:–](?= )")
Sentences = list[tuple[str, str]]  # each with the blank or the line end behind it


def gist_of(story: str) -> str:
    """At most MOST letters of the story. A sentence that is longer by itself ends at a clause or a word."""
    sentences = marked_sentences(story)
    whole = _joined(sentences)
    if not whole.strip(f"{LEFT_OUT} \n"):
        return ""
    if len(whole) <= MOST and len(story) <= READ:
        return whole
    taken = _fitting(sentences)
    told = _joined(_as_far_as_ended(taken)) if taken else _cut(sentences[0][0])
    return told if told.endswith(LEFT_OUT) else f"{told}{MORE}"


def _fitting(sentences: Sentences) -> Sentences:
    """The first sentences, as many as are together no longer than MOST with the mark that there is more."""
    taken, room = Sentences(), MOST - len(MORE) + 1
    for sentence, end in sentences:
        room -= len(sentence) + 1
        if room < 0:
            break
        taken.append((sentence, end))
    return taken


def _as_far_as_ended(taken: Sentences) -> Sentences:
    """Up to the last one with a full stop: a line that was broken while typing is no sentence. Where that would leave
    little, lines are all that there is."""
    last = max((place for place, (sentence, _) in enumerate(taken, 1) if _ENDED.search(sentence)), default=0)
    return taken[:last] if len(_joined(taken[:last])) > MOST / 2 else taken


def _joined(sentences: Sentences) -> str:
    return "".join(f"{sentence}{end}" for sentence, end in sentences).strip()


def _cut(sentence: str) -> str:
    """A sentence that is too long, as far as a clause in its second half, else a word; a word without end anywhere."""
    part = sentence[: MOST - len(MORE)]
    clauses = [clause.start() for clause in _CLAUSE.finditer(part) if clause.start() > MOST / 2]
    at = clauses[-1] if clauses else part.rfind(" ")
    return (part[:at] if at > 0 else part).rstrip(" ,;:–-")
