"""Metrics of a process. Labels have few, known values: no dealers, users or streams."""

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from functools import cache
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

from zugabe_events.domain.errors import StaleError
from zugabe_events.domain.event_store import AppendedCommit, Commit

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
METHODS = frozenset({"GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def counter(name: str, help_text: str, *labels: str) -> Counter:
    return Counter(f"zugabe_{name}", help_text, labels, registry=REGISTRY)


def histogram(name: str, help_text: str, *labels: str, buckets: tuple[float, ...]) -> Histogram:
    return Histogram(f"zugabe_{name}", help_text, labels, registry=REGISTRY, buckets=buckets)


build_info = Info("zugabe_build", "Program and version of this process.", registry=REGISTRY)

events = counter("events_written", "Events that this process wrote to its log.", "event")
commits = counter(
    "commits", "Commits by fate: written, repeated, conflict, failed.", "by", "outcome"
)
group_size = histogram(
    "append_group_size",
    "How many commits of commands went out together.",
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
)
appends_repeated = counter("appends_sent_again", "Appends of unknown outcome, sent again.")

handled = counter("consumer_messages", "Messages whose effects are committed.", "consumer")
conflicts = counter("consumer_conflicts", "Effects prepared again: another was faster.", "consumer")
retries = counter("consumer_retries", "Effects that failed and are tried again.", "consumer")

subscription_stuck = Gauge(
    "zugabe_subscription_stuck",
    "1 while the process hears nothing although there is something to hear.",
    registry=REGISTRY,
)

refused_records = counter(
    "refused_records",
    "Records that were passed over, since no sequencer has sent them, by topic and reason.",
    "log", "reason",
)  # fmt: skip

mails = counter(
    "mails",
    "Attempts to send a mail, by outcome: sent, later, put-off, unknown, given-up.",
    "outcome",
)

requests = histogram(
    "http_request_seconds",
    "Requests by route, until the answer is complete.",
    *("method", "route", "status"),
    buckets=SECONDS,
)
guesses_refused = counter("guesses_refused", "Requests refused since too many codes were guessed.")
refusals = counter(
    "refusals",
    "Refused requests, by status; forged: with a link or token not from us.",
    *("status", "kind"),
)
refusals_unwritten = counter("refusals_unwritten", "Refusals beyond the lines of the log.")

terms = counter("sequencer_terms", "Terms that began, of a log.", "log")
sequenced = counter("sequenced_events", "Events that got their position.", "log")
sent = counter("sent_events", "Events that Kafka has acknowledged.", "log")

of_request = cache(requests.labels)
of_commits = cache(commits.labels)
of_event = cache(events.labels)


def request(method: str, route: str, status: int, seconds: float) -> None:
    label = method if method in METHODS else "other"
    of_request(label, route, status).observe(seconds)


def count_written(by: str, written: Sequence[Commit]) -> None:
    """Count commits and events written by `by`: command or policy."""
    if written:
        of_commits(by, "written").inc(len(written))
        names = Tally(event.stored_as for commit in written for event in commit.events)
        for name, times in names.items():
            of_event(name).inc(times)


def count_outcomes(
    attempted: Sequence[Commit], outcomes: Mapping[UUID, AppendedCommit | Exception]
) -> None:
    """Count commits of commands by outcome."""
    new = []
    for commit in attempted:
        match outcomes[commit.id]:
            case AppendedCommit(repeated=False):
                new.append(commit)
            case AppendedCommit():
                of_commits("command", "repeated").inc()
            case StaleError():
                of_commits("command", "conflict").inc()
            case _:
                of_commits("command", "failed").inc()
    count_written("command", new)
