"""Log lines on stderr, without personal data: JSON for machines, plain text on a terminal."""

import logging
import re
import sys
from datetime import UTC, datetime

import msgspec

from zugabe_events.observability import tracing
from zugabe_events.observability.context import current_correlation

HIDDEN = "[…]"
LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]"
"""The characters that the part of an address before its @ may have."""
MASKS = (
    (re.compile(r"(?<=://)[^/@\s]+(?=@)"), HIDDEN),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), rf"\1 {HIDDEN}"),
    (re.compile(r"\beyJ[\w-]+(\.[\w-]*)*"), HIDDEN),
    # Each run of such characters is looked through once, also if it has no @ (S26).
    (re.compile(rf"(?<!{LOCAL}){LOCAL}++@[\w-]+(\.[\w-]+)+"), HIDDEN),
)


def masked(text: str) -> str:
    """Mask passwords in URLs, tokens and e-mail addresses, and replace what cannot be encoded.

    The last line of defence, since libraries include their arguments in error messages.
    """
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text.encode("utf-8", "replace").decode()


class JsonFormatter(logging.Formatter):
    """`time` is UTC; `correlation` and `trace` are present within a request or an effect."""

    def __init__(self, service: str, instance: str) -> None:
        super().__init__()
        self._from = {"service": service, "instance": instance}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            **self._from,
        }
        if request := current_correlation.get():
            line["correlation"] = request
        if traceparent := tracing.current_traceparent():
            line["trace"] = traceparent.split("-")[1]
        if record.exc_info:
            line["error"] = masked(self.formatException(record.exc_info))
        return msgspec.json.encode(line).decode()


class PlainFormatter(logging.Formatter):
    """Format for people at a terminal."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


def log_to_stderr(service: str, instance: str) -> None:
    """Configure logging of the process, including uvicorn and aiokafka."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        PlainFormatter() if sys.stderr.isatty() else JsonFormatter(service, instance)
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    logging.captureWarnings(True)
