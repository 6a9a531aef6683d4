"""The store: one SQLite file. The only place in the project that speaks SQL.

Nothing is imported here: what a list needs at start-up is `opening`, and that is light.
"""

APPLICATION_ID = 0x43494354
"""`CICT` in the file's header: by it a register is told from every other SQLite file."""

VERSION = 3
"""The `user_version` of a register: one more for each migration."""
