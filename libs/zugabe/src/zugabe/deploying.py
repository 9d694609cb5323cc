"""`SERVICE deploy` for several services at once, from one process: most of the work is imports.

`python -m zugabe.deploying SERVICE...` imports the services, waits for a JSON object on stdin
with the environment of each, and deploys all of them at the same time in forks of itself.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from typing import NoReturn

from zugabe.leash import tie_to


def main() -> int:
    scripts = entry_points(group="console_scripts")
    services = {name: scripts[name].load() for name in sys.argv[1:]}
    environments = json.load(sys.stdin)
    gc.freeze()  # else collections in the forks would copy what they share
    deploying = {fork(name, run, environments[name]): name for name, run in services.items()}
    failed = 0
    for child, name in deploying.items():
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            failed += 1
            print(f"{name}-deploy failed (exit code {code}).", file=sys.stderr)
    return 1 if failed else 0


def fork(name: str, run: Callable[[], None], environment: Mapping[str, str]) -> int:
    """Run a console script as if the process had been started for it; returns the child's pid."""
    parent = os.getpid()
    if child := os.fork():
        return child
    tie_to(parent)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = [name, "deploy"]
    end(run)


def end(run: Callable[[], None]) -> NoReturn:
    code: object = 1
    try:
        run()
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


if __name__ == "__main__":
    sys.exit(main())
