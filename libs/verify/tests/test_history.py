"""Answers to clients against the log."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import World

from zugabe_verify.findings import Findings
from zugabe_verify.history import History
from zugabe_verify.progress import Progress
from zugabe_verify.records import LoggedEvent
from zugabe_verify.verify import verify

type Lines = list[dict[str, Any]]


def line(lines: Lines, order: str, kind: str = "order") -> dict[str, Any]:
    """The last one of its kind."""
    return [entry for entry in lines if (entry["order"], entry["kind"]) == (order, kind)][-1]


def granted_and_nowhere(lines: Lines) -> None:
    line(lines, "a-3")["order"] = "a-77"


def refused_and_there(lines: Lines) -> None:
    for entry in lines:
        if entry["order"] == "a-1":
            entry["status"] = 409


def told_another_sum(lines: Lines) -> None:
    line(lines, "a-3")["body"]["net_cents"] += 1


def cancelled_and_nowhere(lines: Lines) -> None:
    line(lines, "c-1", "cancel")["order"] = "a-1"


def not_cancelled_and_there(lines: Lines) -> None:
    line(lines, "c-1", "cancel")["status"] = 403


@pytest.mark.parametrize(
    ("falsify", "kind", "order"),
    [
        (granted_and_nowhere, "client-order-missing", "a-77"),
        (refused_and_there, "client-order-refused", "a-1"),
        (told_another_sum, "client-order-differs", "a-3"),
        (cancelled_and_nowhere, "client-order-missing", "a-1"),
        (not_cancelled_and_there, "client-order-refused", "c-1"),
    ],
)
async def test_a_client_that_was_told_something_else(
    audited: Audited, tmp_path: Path, falsify: Callable[[Lines], None], kind: str, order: str
) -> None:
    lines = read(audited.history)
    falsify(lines)
    found = await audit(audited, tmp_path, lines)
    assert [(finding.kind, finding.where) for finding in found] == [
        (kind, f"order/musikhaus/{order}")
    ]


async def test_no_answer_allows_both_fates(audited: Audited, tmp_path: Path) -> None:
    """And so does a refusal beside it: the lost request may have placed the order."""
    lines = read(audited.history)
    for entry in lines:
        entry["status"] = 409 if entry["status"] == 409 else None
    unknown = lines[0] | {"order": "z-1", "status": None}
    assert await audit(audited, tmp_path, [*lines, unknown]) == []


async def test_an_order_that_was_placed_twice(
    audited: Audited, world: World, tmp_path: Path
) -> None:
    like = world.commit("checkout", "order-placed", order_id="a-3")
    world.append("checkout", like, "order-placed", json.loads(like[1]["data"]))
    world.write(audited.client, PREFIX, audited.world)
    [found] = await audit(audited, tmp_path, read(audited.history))
    assert (found.kind, found.where) == ("client-order-doubled", "order/musikhaus/a-3")


async def test_a_line_that_is_none_ends_nothing(audited: Audited, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text('{"kind": "order"}\nnonsense\n\xff\n' + audited.history.read_text(), "latin-1")
    found = await verify(audited.mongo, services=[], history=path, prefix=PREFIX)
    assert [(finding.kind, finding.where) for finding in found] == [
        ("client-line", f"line {number}") for number in (1, 2, 3)
    ]


def read(path: Path) -> Lines:
    return [json.loads(raw) for raw in path.read_text().splitlines()]


async def audit(audited: Audited, folder: Path, lines: Lines) -> Any:
    path = folder / "lines"
    path.write_text("".join(json.dumps(entry) + "\n" for entry in lines))
    return await verify(audited.mongo, services=[], history=path, prefix=PREFIX)


@pytest.mark.parametrize(
    ("told", "logged", "kind"),
    [
        ((201, 450), [450], None),
        ((201, 450), [], "client-order-missing"),
        ((201, 451), [450], "client-order-differs"),
        ((201, 450), [450, 450], "client-order-doubled"),
        ((409, 450), [450], "client-order-refused"),
        ((None, 450), [450], None),
    ],
)
def test_a_return_is_there_once_as_its_client_was_told(
    tmp_path: Path, told: tuple[int | None, int], logged: list[int], kind: str | None
) -> None:
    """X-3: another return of the same order is another matter."""
    findings = Findings()
    history = History(tmp_path, findings)
    for net in logged:
        history.take(returned("r-1", net))
    history.take(returned("r-2", 1))
    status, net = told
    line = {"kind": "return", "dealer": "d", "order": "o-1", "part": "r-1", "attempt": "a"}
    file = tmp_path / "told.jsonl"
    file.write_text(json.dumps({**line, "status": status, "body": {"net_cents": net}}))
    history.read(file, Progress())
    history.check()
    assert [(one.kind, one.where) for one in findings.all()] == (
        [(kind, "order/d/o-1/returns/r-1")] if kind else []
    )


def returned(return_id: str, net_cents: int) -> LoggedEvent:
    body = {"dealer": "d", "order_id": "o-1", "return_id": return_id, "net_cents": net_cents}
    place = ("checkout", "order/d/o-1", 3, 0, 9, "id", None, 0)
    return LoggedEvent(*place, "order-returned", json.dumps(body))
