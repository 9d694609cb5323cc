"""The attack of `overload.py`, until its standard input ends: half-sent bodies of strangers, and
users who read and quote as fast as they are answered."""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

import aiohttp

WARM_UP_SECONDS = 4
PAUSE_SECONDS = 2.0
"""Between two connections of one stranger, which are closed as soon as they are answered."""


async def stranger(given: Any) -> None:
    head = (
        f"POST /dealers/{given['dealer']}/quotes HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n{"
    ).encode()
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection(given["host"], given["port"])
            writer.write(head)
            with suppress(OSError):
                while await reader.read(65_536):
                    pass
            writer.close()
        await asyncio.sleep(PAUSE_SECONDS)


async def greedy(
    http: aiohttp.ClientSession, given: Any, token: str, answers: Counter[int]
) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    url = f"http://{given['host']}:{given['port']}/dealers/{given['dealer']}"
    for number in range(3):
        path = f"{url}/orders/g-{token[-12:].replace('_', 'x').replace('-', 'x')}-{number}"
        async with http.put(path, data=given["cart"], headers=headers) as answer:
            answers[answer.status] += 1
    while True:
        for method, path, body in (
            ("GET", "/orders?limit=200", None),
            ("POST", "/quotes", given["cart"]),
            ("GET", "/orders.csv", None),
        ):
            with suppress(aiohttp.ClientError):
                async with http.request(
                    method, f"{url}{path}", data=body, headers=headers
                ) as answer:
                    await answer.read()
                    answers[answer.status] += 1
                    if answer.status in (429, 503):
                        await asyncio.sleep(0.05)  # less than they are told to wait


async def main() -> None:
    given = json.loads(sys.stdin.readline())
    answers = Counter[int]()
    loop = asyncio.get_running_loop()
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        tasks = [
            *(asyncio.create_task(stranger(given)) for _ in range(given["hostile"])),
            *(
                asyncio.create_task(greedy(http, given, token, answers))
                for token in given["tokens"]
            ),
        ]
        await asyncio.sleep(WARM_UP_SECONDS)
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        await loop.run_in_executor(None, sys.stdin.read)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    sys.stdout.write(json.dumps(dict(answers)) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
