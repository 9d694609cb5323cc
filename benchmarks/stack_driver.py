"""Run the stack of the installation that executes this file; a benchmark drives it over pipes.

`python -P stack_driver.py HOME [--bare]` reads lines `start NAME REPLICA ENV`, ENV being JSON, and
`stop NAME`; it answers each, once done, with the addresses and process ids as a line of JSON. The
stack stops at the end of the input. Nothing is imported but what every revision has.
"""

import asyncio
import json
import sys
from pathlib import Path

from zugabe.supervisor import Stack


def main() -> None:
    home, *bare = sys.argv[1:]
    stack = Stack(Path(home), services=()) if bare else Stack(Path(home))
    with stack:
        report(stack)
        for line in sys.stdin:
            match line.split(maxsplit=3):
                case "start", name, replica, env:
                    started = stack.start_process(
                        name, replica=int(replica), extra_env=json.loads(env)
                    )
                    asyncio.run(started)
                case "stop", name:
                    asyncio.run(stack.stop_process(name))
                case _:
                    sys.exit(f"not a command: {line}")
            report(stack)


def report(stack: Stack) -> None:
    print(json.dumps({"addresses": dict(stack.addresses), "pids": dict(stack.pids())}), flush=True)


if __name__ == "__main__":
    main()
