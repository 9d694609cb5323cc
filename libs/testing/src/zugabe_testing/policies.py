"""Policies over a log in memory."""

from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.policy import Policy, ReceivedEvent
from zugabe_testing.event_store import InMemoryEventStore


async def react(store: InMemoryEventStore, policy: Policy, received: ReceivedEvent) -> None:
    """Decide on what a policy makes of an event, and append it."""
    context = Context("policy", "policy", "central", received.recorded_at, "correlation")
    for reaction in policy.react(received):
        target, *reads = await store.load(
            [reaction.target, *reaction.reads], [None] * (1 + len(reaction.reads))
        )
        command = reaction.command(*(read.state for read in reads))
        decided = reaction.target.decider.decide(command, target.state)
        if decided:
            commit_id = derived_id(received.id, policy.name, target.stream.id)
            commit = Commit(commit_id, target.stream, target.version + 1, tuple(decided), context)
            await store.append([commit])
