"""The log is corrupted in one way at a time, and the auditor names it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4
from zlib import crc32

import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import Document, World

from zugabe_verify.verify import verify

WALLET = "wallet/musikhaus/anna"


def wallet(world: World) -> list[Document]:
    """Anna's commits by version."""
    found = [commit for commit in world.all("vouchers", "commits") if commit["stream"] == WALLET]
    return sorted(found, key=lambda commit: commit["version"])


def place(world: World, commit: Document) -> str:
    run, at = world.run_of("vouchers", commit)
    pos = run["_id"]["pos"] + sum(entry["n"] for entry in run["commits"][:at])
    return f"part {run['_id']['part']}, position {pos}"


type Corruption = Callable[[World], dict[str, str]]
"""Changes the world, and answers the kinds of findings that follow, each with its place."""


def a_lost_commit(world: World) -> dict[str, str]:
    lost = wallet(world)[1]
    found = {"commit-missing": place(world, lost), "version-gap": WALLET}
    world.drop("vouchers", "commits", lost)
    return found


def a_commit_that_nobody_gave_a_position(world: World) -> dict[str, str]:
    last = wallet(world)[-1]
    version = last["version"] + len(last["events"])
    at = last["at"].__class__(last["at"].time - 1_000, 1)
    world.add("vouchers", "commits", last | {"_id": uuid4(), "version": version, "at": at})
    return {"commit-unsequenced": f"{WALLET}, version {version}"}


def a_commit_in_two_runs(world: World) -> dict[str, str]:
    twice = wallet(world)[-1]
    world.sequence("vouchers", twice)
    run = world.last_run("vouchers", twice["part"])
    where = f"part {twice['part']}, position {run['_id']['pos']}"
    return {"commit-sequenced-twice": where, "version-doubled": WALLET}


def a_version_that_two_commits_hold(world: World) -> dict[str, str]:
    other = wallet(world)[1] | {"_id": uuid4()}
    world.add("vouchers", "commits", other)
    world.sequence("vouchers", other)
    return {"version-doubled": f"{WALLET}, version {other['version']}"}


def two_commits_that_changed_places(world: World) -> dict[str, str]:
    commits = wallet(world)
    earlier, later = next(
        (earlier, later)
        for earlier in commits
        for later in commits
        if earlier["version"] < later["version"] and len(earlier["events"]) == len(later["events"])
    )
    (run, at), (other_run, other_at) = (
        world.run_of("vouchers", commit) for commit in (earlier, later)
    )
    run["commits"][at], other_run["commits"][other_at] = (
        other_run["commits"][other_at],
        run["commits"][at],
    )
    return {"version-order": WALLET}


def a_position_that_was_skipped(world: World) -> dict[str, str]:
    part = wallet(world)[0]["part"]
    last = world.last_run("vouchers", part)
    world.drop("vouchers", "sequence", last)
    pos = last["_id"]["pos"] + 1
    world.add(
        "vouchers", "sequence", last | {"_id": {"part": part, "pos": pos}, "last": last["last"] + 1}
    )
    return {"position-gap": f"part {part}, position {pos}"}


def a_wrong_version(world: World) -> dict[str, str]:
    wallet(world)[-1]["version"] += 1
    return {"version-gap": f"{WALLET}, version {wallet(world)[-1]['version']}"}


def more_positions_than_events(world: World) -> dict[str, str]:
    part = wallet(world)[0]["part"]
    last = world.last_run("vouchers", part)
    pos = last["last"] - last["commits"][-1]["n"] + 1
    last["commits"][-1]["n"] += 1
    last["last"] += 1
    return {"sequence-count": f"part {part}, position {pos}"}


def a_run_that_ends_elsewhere_than_it_says(world: World) -> dict[str, str]:
    last = world.last_run("vouchers", wallet(world)[0]["part"])
    last["last"] += 1
    return {"sequence-count": f"part {last['_id']['part']}, position {last['_id']['pos']}"}


def a_commit_in_the_wrong_part(world: World) -> dict[str, str]:
    commit = wallet(world)[0]
    commit["part"] = (commit["part"] + 1) % world.parts("vouchers")
    return {"commit-part": place(world, commit)}


def a_stream_that_changed_its_key(world: World) -> dict[str, str]:
    commit = wallet(world)[-1]
    words = (f"d/{number}" for number in range(1_000))
    part = commit["part"]
    commit["key"] = next(
        word for word in words if crc32(word.encode()) % world.parts("vouchers") == part
    )
    return {"key-changed": WALLET}


def a_time_that_goes_back(world: World) -> dict[str, str]:
    last = world.last_run("vouchers", wallet(world)[0]["part"])
    last["time"] = datetime(2000, 1, 1, tzinfo=UTC)
    return {"time-backwards": f"position {last['_id']['pos']}"}


def a_body_that_breaks_its_schema(world: World) -> dict[str, str]:
    def break_it(body: Document) -> None:
        body["attempt"] = "one"

    commit, _ = world.commit("vouchers", "voucher-held", order_id="a-3")
    world.change("vouchers", "voucher-held", break_it, order_id="a-3")
    return {"event-invalid": place(world, commit)}


def a_body_that_is_no_json(world: World) -> dict[str, str]:
    commit, event = world.commit("vouchers", "voucher-held", order_id="a-3")
    event["data"] = event["data"][:-1]
    return {"event-invalid": place(world, commit)}


def an_event_of_an_unknown_name(world: World) -> dict[str, str]:
    commit, event = world.commit("vouchers", "voucher-held", order_id="a-3")
    event["name"] = "voucher-clutched"
    return {"event-unknown": place(world, commit)}


def a_consumer_ahead_of_the_log(world: World) -> dict[str, str]:
    position = next(
        position
        for position in world.all("vouchers", "positions")
        if position["consumer"] == "vouchers.limits"
    )
    position["pos"] += 1_000
    return {"position-ahead": f"part {position['part']}, consumer vouchers.limits"}


def no_log_at_all(world: World) -> dict[str, str]:
    world.collections["vouchers", "log"].clear()
    return {"log-missing": "log"}


@pytest.mark.parametrize(
    "corrupt",
    [
        a_lost_commit,
        a_commit_that_nobody_gave_a_position,
        a_commit_in_two_runs,
        a_version_that_two_commits_hold,
        two_commits_that_changed_places,
        a_position_that_was_skipped,
        a_wrong_version,
        more_positions_than_events,
        a_run_that_ends_elsewhere_than_it_says,
        a_commit_in_the_wrong_part,
        a_stream_that_changed_its_key,
        a_time_that_goes_back,
        a_body_that_breaks_its_schema,
        a_body_that_is_no_json,
        an_event_of_an_unknown_name,
        a_consumer_ahead_of_the_log,
        no_log_at_all,
    ],
)
async def test_a_corrupted_log_is_named(
    audited: Audited, world: World, corrupt: Corruption
) -> None:
    expected = corrupt(world)
    world.write(audited.client, PREFIX, audited.world)
    found = await verify(audited.mongo, services=["vouchers"], prefix=PREFIX)
    assert {finding.kind for finding in found} == set(expected), found
    for finding in found:
        assert finding.service == "vouchers"
        assert expected[finding.kind] in finding.where
        assert finding.text.startswith(f"vouchers, {finding.where}: ")
