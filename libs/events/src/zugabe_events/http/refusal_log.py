"""Lines about refused requests, by which attempts are found again (S11), and their numbers.

A flood of refusals must not fill the log: each caller gets a few lines a minute, all of them
together a bounded number, and what was left out is one line with its number.
"""

import logging
import re
import time
from collections import Counter
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import Scope

from zugabe_events.http.authorization import CALLER, client_of
from zugabe_events.http.fields import ID_PATTERN
from zugabe_events.http.principal import Principal
from zugabe_events.http.problems import REFUSAL
from zugabe_events.observability import metrics

log = logging.getLogger(__name__)

NOTED = frozenset({401, 403, 429})
"""Statuses of refusals that say who was refused; each is a line in the log."""

FORGED = frozenset({"link-invalid", "link-unknown", "token-invalid", "token-forged"})
"""Codes of links and consistency tokens that are not from us, whatever the status."""

WINDOW_SECONDS = 60.0
MAX_LINES_BY_CALLER = 20
MAX_LINES = 600
"""In a window, of one process."""

ID = re.compile(ID_PATTERN.strip("^$"), re.ASCII)


class RefusalLog:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._lines: Counter[str] = Counter()
        self._written = 0
        self._left_out = 0

    def note(self, request: Request, method: str, status: int) -> None:
        """Write a line and count, if this answer is a refusal that somebody should see."""
        code = request.scope.get(REFUSAL, "")
        if status not in NOTED and code not in FORGED:
            return
        metrics.refusals.labels(str(status), "forged" if code in FORGED else "refused").inc()
        principal: Principal | None = request.scope.get(CALLER)
        address = address_of(request, principal)
        self._close_window()
        # By who is refused, not by where: hundreds of people may come from one address.
        who = f"{principal.role} {principal.subject}" if principal else "nobody known"
        caller = who if principal else address
        if self._written >= MAX_LINES or self._lines[caller] >= MAX_LINES_BY_CALLER:
            self._left_out += 1
            metrics.refusals_unwritten.inc()
            return
        self._written += 1
        self._lines[caller] += 1
        parameters = request.scope.get("path_params", {})
        log.warning(
            "refused with %d: %s %s by %s for %s from %s",
            status,
            method,
            route_of(request.scope),
            who,
            one_word(parameters.get("dealer") or parameters.get("partner")),
            address,
        )

    def _close_window(self) -> None:
        now = self._clock()
        if now - self._began < WINDOW_SECONDS:
            return
        if self._left_out:
            log.warning("%d more refusals were not written within a minute", self._left_out)
        self._began, self._written, self._left_out = now, 0, 0
        self._lines.clear()


def address_of(request: Request, principal: Principal | None) -> str:
    """The address of the person: passed on by a service, or the client of a trusted proxy."""
    passed_on = client_of(request, principal) if principal and principal.role == "service" else None
    return passed_on or (request.client.host if request.client else "-")


def one_word(text: str | None) -> str:
    """The text of a path, without anything that could look like another line."""
    return "-" if text is None else text if ID.fullmatch(text) else "?"


def route_of(scope: Scope) -> str:
    """The template of the route; requested paths would make unbounded labels of metrics."""
    return getattr(scope.get("route"), "path", "none")
