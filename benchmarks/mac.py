"""The cost of a MAC per message: `python -m benchmarks.mac`."""

import time
from collections.abc import Callable
from types import SimpleNamespace

from zugabe_events.domain.mac import MacKeys
from zugabe_events.messaging.authentication import PURPOSE, TRUSTING, Authentication
from zugabe_events.messaging.message import OutgoingMessage

NUMBER = 100_000
BODY_BYTES = 600


def microseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(NUMBER):
        work()
    return (time.perf_counter() - began) / NUMBER * 1e6


def main() -> None:
    names = ("subject", "time", "partitionkey", "correlationid", "actor", "role", "dealer")
    headers = [
        ("ce_id", b"018f3c1e-7e7b-7aa0-b1a5-0123456789ab.0"),
        ("ce_type", b"points-earned"),
        ("ce_sequence", b"3.123456"),
        ("ce_source", b"/zugabe/bonus/018f3c1e-7e7b-7aa0-b1a5-0123456789ab"),
        ("ce_dataschema", b"urn:zugabe:points-earned:1"),
        *((f"ce_{name}", b"0123456789012345678901234567890123") for name in names),
    ]
    message = OutgoingMessage(3, 123456, "points-earned", b"k" * 30, b"x" * BODY_BYTES, headers)
    signing = Authentication(MacKeys([b"k" * 32], PURPOSE))
    record = SimpleNamespace(
        topic="bonus", partition=3, offset=1, key=message.key, value=message.value,
        headers=tuple(signing.signed(message)),
    )  # fmt: skip
    plain = microseconds(lambda: TRUSTING.read(record))
    print(f"sign   {microseconds(lambda: signing.signed(message)):6.2f} us per message")
    print(f"verify {microseconds(lambda: signing.read(record)) - plain:6.2f} us per message")
    print(f"parse  {plain:6.2f} us per message, without MAC")


if __name__ == "__main__":
    main()
