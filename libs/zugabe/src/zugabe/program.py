"""A console script run within this process, which it takes over to its end."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import NoReturn


def become(program: Callable[[], None], words: Sequence[str]) -> NoReturn:
    """Run the program with `words`, its name first, and end this process with its exit code."""
    code: object = 1
    try:
        sys.argv = list(words)
        program()
        code = 0
    except SystemExit as exit_:
        code = exit_.code or 0
        if not isinstance(code, int):
            print(code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)
