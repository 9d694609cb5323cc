"""Tables on disk for one run, in a file without a name that is gone with its connection.

The environment variable `SQLITE_TMPDIR` names their folder.
"""

import sqlite3

CACHE_KIB = 8_192


def scratch_database(*statements: str) -> sqlite3.Connection:
    """Whichever thread uses it, only one does at a time."""
    disk = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for statement in (
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        f"PRAGMA cache_size = -{CACHE_KIB}",
        *statements,
        "BEGIN",
    ):
        disk.execute(statement)
    return disk
