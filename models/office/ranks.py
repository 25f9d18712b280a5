"""Civil servants' ranks with their groups, as PP 99/2000 pairs them: a paper names both."""

import re

_BELOW = ("Juru", "Pengatur", "Penata")  # each in the steps of a group: Juru Muda, Juru Muda Tingkat I, Juru, …
_STEPS = ("{} Muda", "{} Muda Tingkat I", "{}", "{} Tingkat I")
_ABOVE = ("Pembina", "Pembina Tingkat I", "Pembina Utama Muda", "Pembina Utama Madya", "Pembina Utama")
_TK = re.compile(r"\bt(?:k|ingkat)\.? ?(?:i|1)\b", re.IGNORECASE)

GROUPS: dict[str, str] = {
    **{
        step.format(rank).casefold(): f"{number}/{letter}"
        for rank, number in zip(_BELOW, ("I", "II", "III"), strict=True)
        for step, letter in zip(_STEPS, "abcd", strict=True)
    },
    **{rank.casefold(): f"IV/{letter}" for rank, letter in zip(_ABOVE, "abcde", strict=True)},
}


def with_group(pangkat: str) -> str:
    """Pembina is "Pembina (IV/a)"; what names its group already, or is no rank of civil servants, stays as typed."""
    group = GROUPS.get(" ".join(_TK.sub("Tingkat I", pangkat).split()).casefold())
    return f"{pangkat.strip()} ({group})" if group else pangkat
