"""PDF metadata of merged files: title, author and language."""

from typing import TYPE_CHECKING

from papers.layout.formats import Content

if TYPE_CHECKING:
    from pypdf import PdfWriter

LANGUAGE = "id"


def set_metadata(writer: "PdfWriter", title: str, author: str) -> None:
    """Set title, author and language of the file."""
    from pypdf.generic import NameObject, TextStringObject  # imported here: only merged files need it

    writer.add_metadata({"/Title": title, "/Author": author})
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)


def author_of(content: Content) -> str:
    """The office's name, the author in the metadata of papers."""
    return " ".join(content["office"]["name"])
