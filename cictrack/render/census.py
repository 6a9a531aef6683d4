"""A block of the children in need census as XML, in the elements that the census puts around it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from cictrack.render.safe import visible

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from cictrack.render.listing import Listing

_NO_CHARACTERS = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""What XML cannot hold and `visible` lets through."""


def render(block: Listing, reference: date, notes: Sequence[str]) -> str:
    """The rows, each in an element of the block's title inside the child whose id is the first cell.

    What is blank has no element. `reference` is the last day of the census year; `notes` stand in a comment at
    the top. The rest of the header and of a child is the case system's to add.
    """
    message = ET.Element("Message")
    if notes:
        # Two hyphens would end the comment.
        message.append(ET.Comment(f" {_text(' '.join(notes)).replace('--', '- -')} "))
    details = ET.SubElement(ET.SubElement(message, "Header"), "CollectionDetails")
    for name, value in (("Collection", "CIN"), ("Year", f"{reference:%Y}"), ("ReferenceDate", reference.isoformat())):
        ET.SubElement(details, name).text = value
    children = ET.SubElement(message, "Children")
    of_child: dict[str, ET.Element] = {}
    for whose, *cells in block.rows:
        child_id = _text(whose)
        if child_id not in of_child:
            of_child[child_id] = _child(children, block.columns[0].key, child_id)
        row = ET.SubElement(of_child[child_id], block.title)
        for column, cell in zip(block.columns[1:], cells, strict=True):
            if cell is not None:
                ET.SubElement(row, column.key).text = _text(cell)
    ET.indent(message)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(message, encoding="unicode")}\n'


def _child(children: ET.Element, name: str, child_id: str) -> ET.Element:
    """A child with its id, and the element in it that holds the block."""
    child = ET.SubElement(children, "Child")
    ET.SubElement(ET.SubElement(child, "ChildIdentifiers"), name).text = child_id
    return ET.SubElement(child, "CINdetails")


def _text(cell: object) -> str:
    return visible(str(cell)).translate(_NO_CHARACTERS)
