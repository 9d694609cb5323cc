"""A read model of another service's events, asked for with tokens of this service as well."""

import time
from dataclasses import dataclass
from uuid import uuid4

from zugabe_events.consumer.checkpoints import position_id
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel
from zugabe_events.messaging.message import Lane
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
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
    await serving.caught_up(GUESTS, [Token(log_identity.name, 0, int(time.time()), 1)])


async def test_nor_for_what_policies_append_where_it_does_not_look(
    db: Database, log_identity: LogIdentity
) -> None:
    """X-12: a policy hears the same topic, and has not reacted yet."""
    await deploy_views(db, GUESTS, 1)
    lane = Lane("others", str(uuid4()), 3)
    build = build_of(GUESTS, 1)
    await db.positions.insert_one({"_id": position_id(build, lane), "pos": 7})

    async def position(_: Token) -> LanePosition:
        return LanePosition(lane, 7)

    policies = {"others": ("own.react",)}
    serving = ReadYourWrites(db, log_identity, policies, position)
    await serving.caught_up(GUESTS, [Token("others", 3, 7, 1)])
