"""Findings of the audit: a sentence each on what is wrong, where, and what to do next."""

from collections import Counter
from dataclasses import dataclass

from zugabe_verify.advice import ADVICE

MAX_PER_KIND = 100
"""Findings of one kind and service that are listed; of the rest only the number is reported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is stable, for programs; `where` is a stream, a part and position, or a document."""

    kind: str
    service: str
    where: str
    text: str


class Findings:
    """Collects them, so that a log full of faults needs no more memory than a clean one."""

    def __init__(self) -> None:
        self._listed: list[Finding] = []
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, kind: str, service: str, where: str, what: str) -> None:
        self._counts[service, kind] += 1
        if self._counts[service, kind] <= MAX_PER_KIND:
            text = f"{service}, {where}: {what}; {ADVICE[kind]}."
            self._listed.append(Finding(kind, service, where, text))

    def all(self) -> list[Finding]:
        more = [
            Finding(kind, service, "", f"{service}: {count - MAX_PER_KIND:,} more of {kind}.")
            for (service, kind), count in self._counts.items()
            if count > MAX_PER_KIND
        ]
        return [*self._listed, *more]
