"""The page that the office signs off says what the access table says."""

from sop import access, accesspage
from sop.vocabulary import vocabulary


def test_the_page_names_every_step_every_page_and_every_reader() -> None:
    page = accesspage.page(vocabulary().transitions.values())
    assert [t.label for t in vocabulary().transitions.values() if f"| {t.label} |" not in page] == []
    assert [noun for noun in access.PAGES if f"| {noun} |" not in page] == []
    readers = frozenset().union(*access.READERS.values())
    names = [access.RELATIONS[key] for key in readers]
    assert [name for name in names if name[:1].upper() + name[1:] not in page] == []


def test_another_table_is_another_page(monkeypatch) -> None:
    before = accesspage.page(vocabulary().transitions.values())
    monkeypatch.setitem(access.READERS, "rahasia", access.READERS["rahasia"] | {access.UNIT})
    assert accesspage.page(vocabulary().transitions.values()) != before
