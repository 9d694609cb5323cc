"""Run the stack of the installation that executes this file; a benchmark drives it over pipes.

`python -P stack_driver.py HOME` reads `start NAME REPLICA ENV` and `stop NAME` lines, ENV being
JSON, and answers each, once done, with the addresses and process ids as a line of JSON. It stops
the stack at the end of its input. It imports nothing but what every revision has.
"""

import asyncio
import json
import sys
from pathlib import Path

from zugabe.supervisor import Stack


def main() -> None:
    with Stack(Path(sys.argv[1])) as stack:
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
