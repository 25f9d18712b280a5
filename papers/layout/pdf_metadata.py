"""PDF metadata of merged files: title, author and language."""

from typing import TYPE_CHECKING

from papers.layout.formats import Content

if TYPE_CHECKING:
    from pypdf import PdfWriter

LANGUAGE = "id"
CREATOR = "Panel Pengaduan"  # without a version: the same paper has the same bytes in the next one


def set_metadata(writer: "PdfWriter", title: str, author: str) -> None:
    """Set title, author and language of the file; its window shows the title."""
    from pypdf.generic import (
        BooleanObject,
        DictionaryObject,
        NameObject,
        TextStringObject,
    )  # imported here: only merged files need it

    writer.add_metadata({"/Title": title, "/Author": author, "/Creator": CREATOR})
    preferences = {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(preferences)
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)


def author_of(content: Content) -> str:
    """The office's name, the author in the metadata of papers."""
    return " ".join(content["office"]["name"])
