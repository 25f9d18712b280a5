"""What a PDF of several parts says of itself: title, author and language, which pages alone do not bring along."""

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from papers.layout.formats import Content

LANGUAGE = "id"


def entitle(writer: PdfWriter, title: str, author: str) -> None:
    """Let the file name itself, the office and its language."""
    writer.add_metadata({"/Title": title, "/Author": author})
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)


def author_of(content: Content) -> str:
    """The office, as its papers name their author."""
    return " ".join(content["office"]["name"])
