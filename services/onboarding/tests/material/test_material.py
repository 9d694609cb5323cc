"""A partner sees the material of the phases they have reached, and nothing ahead of its time."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from onboarding_tests.samples import BRAND, NOON, PARTNER, platforms, started, welcomed

from onboarding.brand.state import PHASES, STEPS
from onboarding.material.amazon import REGISTRY, amazon_hint, are_administrators
from onboarding.material.api import MaterialView, shown_to
from onboarding.material.catalogue import (
    Item,
    MaterialError,
    is_material,
    placeholders,
    read_material,
    refuse_placeholders,
)
from onboarding.material.reach import ReachView, keys, project
from zugabe_events.contracts.onboarding import PlatformsChosen
from zugabe_events.domain.event import Event

ITEMS = read_material(None)
HINT = amazon_hint(REGISTRY, "one@example.org, two@example.org")
amazon = PlatformsChosen(PARTNER, BRAND, ("amazon", "otto"), NOON)
ITEM = {"id": "a", "title": "A", "kind": "guide", "url": "https://example.org", "phase": "content"}


def after(*events: Event) -> MaterialView:
    view = None
    for event in events:
        assert keys(event) == [PARTNER]
        view = project(view, event)
    return shown_to(view or ReachView(PARTNER), ITEMS, HINT)


def shown(*events: Event) -> set[str]:
    return {item.id for item in after(*events).items}


def test_nothing_is_shown_before_the_welcome() -> None:
    """ON-2"""
    assert after() == after(amazon) == MaterialView((), None)


def test_the_welcome_brings_the_videos_the_links_and_the_logistics_guide() -> None:
    """ON-3, ON-19, ON-31: the guide may be seen early, what else belongs to logistics may not."""
    assert shown(welcomed) == shown(started("organisation"))
    assert shown(welcomed) == {
        "ablauf", "organisation", "platform-insights", "faq", "kontaktuebersicht", "datenmodelle",
        "lagerinformationen", "kundenservice", "logistikguide",
    }  # fmt: skip


def test_every_sub_step_has_material() -> None:
    """ON-3, ON-19, ON-32: and Platform Insights stand first, before the forms."""
    steps = [item.step for item in ITEMS if item.step]
    assert set(steps) == {*STEPS}
    assert next(item.id for item in ITEMS if item.step == "releases") == "platform-insights"
    [support] = [item for item in ITEMS if item.step == "customer-service"]
    assert "Second-Level-Support werktäglich" in support.title


@pytest.mark.parametrize(
    ("url", "nowhere"),
    [
        ("https://material.example.org/faq", True),
        ("https://example.com", True),
        ("https://videos.test/a", True),
        ("https://material.heyconnect.de/faq", False),
        ("https://notexample.org/faq", False),
    ],
)
def test_placeholders_are_told_from_links(url: str, nowhere: bool) -> None:
    """ON-3"""
    assert placeholders([Item(**{**ITEM, "url": url})]) == (["a"] if nowhere else [])


def test_placeholders_are_refused_where_partners_are_served(tmp_path: Path) -> None:
    """ON-3: at start"""
    refuse_placeholders(None, "http://127.0.0.1:8101/")
    with pytest.raises(MaterialError, match="placeholders as links: ablauf"):
        refuse_placeholders(None, "https://partner.shop.de/")
    file = tmp_path / "material.json"
    file.write_text(json.dumps([{**ITEM, "url": "https://material.shop.de/a"}]))
    refuse_placeholders(file, "https://partner.shop.de/")


@pytest.mark.parametrize(
    ("phase", "new"),
    [
        ("content", {"content-webinare", "content-videos", "content-guides"}),
        ("logistics", {"initiallieferung"}),
        ("live", {"livesetzung"}),
    ],
)
def test_each_phase_brings_its_own_material(phase: Any, new: set[str]) -> None:
    """ON-5, ON-11"""
    before = [started(one) for one in PHASES[: PHASES.index(phase)]]
    assert shown(*before, started(phase)) - shown(*before) == new


def test_brands_may_come_in_any_order() -> None:
    """Q15: the fastest brand decides what is shown."""
    one, other = started("content"), started("organisation")
    assert after(welcomed, one, other) == after(welcomed, other, one)


def test_the_hint_for_amazon_is_for_who_intends_to_go_there() -> None:
    """ON-20, ON-21, ON-22: and beside the form, before anything is chosen."""
    assert after(welcomed).amazon == HINT
    other = replace(started("organisation"), brand="sund")
    assert after(welcomed, platforms, other).amazon == HINT, "another brand may still choose it"
    assert after(welcomed, platforms).amazon is None
    hint = after(welcomed, amazon).amazon
    assert hint is not None
    assert hint.registry_url == REGISTRY
    assert hint.administrators == ("one@example.org", "two@example.org")
    assert "1. one@example.org 2. two@example.org" in hint.lines[-1]
    assert after(welcomed, amazon, platforms).amazon is None, "it changed its mind"


def test_material_of_a_platform_is_for_who_intends_to_go_there(tmp_path: Path) -> None:
    """ON-20"""
    file = tmp_path / "material.json"
    file.write_text(json.dumps([{**ITEM, "platform": "amazon"}]))
    items = read_material(file)
    reached = project(project(None, started("content")), platforms)
    assert reached is not None
    assert shown_to(reached, items, HINT).items == ()
    intends = project(reached, amazon)
    assert intends is not None
    assert shown_to(intends, items, HINT).items == items


def test_without_addresses_the_manager_is_asked() -> None:
    """ON-22"""
    hint = amazon_hint(REGISTRY, None)
    assert hint.administrators == ()
    assert "Customer Success Manager" in hint.lines[-1]


@pytest.mark.parametrize("text", ["", "one@example.org", "a@b,a@b", "a@b,c@d,e@f", "a@b,c d"])
def test_there_are_two_administrators(text: str) -> None:
    """ON-22"""
    with pytest.raises(ValueError, match="two different"):
        are_administrators(text)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[", "file: Invalid JSON"),
        ("{}", "file: Input should be a valid"),
        (json.dumps([ITEM, {**ITEM, "title": "B"}]), "more than once: a"),
        (json.dumps([{**ITEM, "url": "http://example.org"}]), "0.url: "),
        (json.dumps([{**ITEM, "url": "javascript:alert(1)"}]), "0.url: "),
        (json.dumps([{**ITEM, "url": "https://a b"}]), "0.url: "),
        (json.dumps([{**ITEM, "phase": "holiday"}]), "0.phase: "),
        (json.dumps([ITEM, {**ITEM, "id": "b", "shown_from": "live"}]), "1: "),
        (json.dumps([{**ITEM, "links": []}]), "0.links: "),
        (json.dumps([{"id": "a"}]), "0.title: "),
    ],
)
def test_what_is_wrong_with_the_file_is_told_at_start(
    tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "material.json"
    file.write_text(content)
    with pytest.raises(MaterialError) as caught:
        is_material(file)
    assert told in str(caught.value)


def test_a_file_that_is_not_there_is_told_at_start(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match="no file"):
        is_material(tmp_path / "nothing.json")
