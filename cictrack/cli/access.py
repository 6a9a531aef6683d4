"""`subject-access`: everything that is held about a child, as one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cictrack.cli.cases import CHILD
from cictrack.cli.options import reading
from cictrack.cli.output import before_it_goes_out, chosen, put, put_document
from cictrack.errors import Refused

if TYPE_CHECKING:
    from cictrack.cli.options import Reading

NO_PAPER = ("csv",)


@click.command("subject-access", epilog="Example: cictrack subject-access 104523 --output access.html")
@reading(filters=False)
@click.argument("child_id", type=CHILD, metavar="CHILD")
def subject_access(asked: Reading, child_id: str) -> None:
    """Everything held about a child as one document, for a request for access; other people's ids are masked.

    A page (.html), a paper (.md, and what a pipe gets) or json. The child's own name is in it, so that it went out is
    kept in the trail. Somebody must read it before it is given: no program understands what a note says.
    """
    from cictrack.render.paper import as_markdown, as_page
    from cictrack.reports.position import no_child
    from cictrack.reports.subject_access import held, machine, paper
    from cictrack.store.events import recorded_of

    fmt = chosen(asked)
    if fmt in NO_PAPER or (asked.output or "").lower().endswith(".xlsx"):
        raise Refused("This is one document, and no list. Choose html, markdown or json.")
    events = recorded_of(asked.db, child_id)
    if not events:
        raise Refused(no_child(asked.db, child_id))
    found, masking = held(asked.db, child_id, asked.as_of, events)
    asked = asked._replace(names=True)
    if fmt == "json":
        put_document(asked, machine(found, masking), ())
    else:
        whole = paper(asked.db, found, masking, asked.as_of)
        put(asked, as_page(whole) if fmt == "html" else as_markdown(whole), before_it_goes_out(asked, len(events)))
