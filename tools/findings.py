"""The end of a check that lists what is wrong."""

import sys
from collections.abc import Iterable


def exit_code(problems: Iterable[str]) -> int:
    """Print each problem on standard error; 1 if there are any."""
    found = list(problems)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0
