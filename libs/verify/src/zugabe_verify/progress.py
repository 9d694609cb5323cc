"""Reports the progress of an audit, and what it noticed that is no fault."""

import sys
import time

PROGRESS_INTERVAL_SECONDS = 0.5


class Progress:
    """Prints nothing; it gets steps of work, and notes such as "3 events behind"."""

    def step(self, what: str, done: int, total: int) -> None:
        """Called often."""

    def note(self, sentence: str) -> None:
        """Called rarely, with something that is no fault but worth knowing."""


class ProgressLine(Progress):
    """On stderr: steps as one line, rewritten in place on a terminal."""

    def __init__(self) -> None:
        self._what = ""
        self._began = self._printed_at = 0.0

    def step(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._began = what, now
        if now - self._printed_at < PROGRESS_INTERVAL_SECONDS and done < total:
            return
        self._printed_at = now
        rate = done / max(now - self._began, 0.001)
        sys.stderr.write(
            f"{self._start()}{what}: {done:,} of {total:,}, {rate:,.0f}/s{self._end()}"
        )
        sys.stderr.flush()

    def note(self, sentence: str) -> None:
        sys.stderr.write(f"{self._start()}{sentence}\n")

    def _start(self) -> str:
        return "\r\x1b[K" if sys.stderr.isatty() else ""

    def _end(self) -> str:
        return "" if sys.stderr.isatty() else "\n"
