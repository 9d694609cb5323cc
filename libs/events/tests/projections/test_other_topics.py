"""A read model of another service's events, asked for with tokens of this service as well."""

from dataclasses import dataclass

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.mongo_views import deploy_views
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites


@dataclass(frozen=True, slots=True)
class Guest:
    dealer: str


def project(view: Guest | None, event: Event) -> Guest | None:
    return view


GUESTS = ReadModel("own.guests", 1, ("others",), Guest, lambda event: [], project)


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


async def test_it_does_not_wait_for_events_that_it_never_hears(
    db: Database, log_identity: LogIdentity
) -> None:
    """X-12: a client that sends all tokens it has is answered at once."""
    await deploy_views(db, GUESTS, 1)
    serving = ReadYourWrites(db, log_identity, {}, unreachable)
    await serving.caught_up(GUESTS, [Token(log_identity.name, 0, 2_000_000_000, 1)])
