"""What the tool says when it cannot do what was asked: one class an exit status.

A message is for a person: what is wrong with the value quoted, the days that clash, what to type next.
"""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - the field's word: a recording is refused, it is no error
    """It was not done, and the message says what to do next. Exit status 1."""

    status = 1


class Damaged(Refused):
    """The register fails its own check. Exit status 4."""

    status = 4


class Locked(Refused):
    """Another process holds the register, and the wait is over. Exit status 5."""

    status = 5


class ReaderGone(Exception):  # noqa: N818 - no error either: `| head` has seen enough
    """Whoever read the output has stopped reading. Nothing is said, and the exit status is 0."""
