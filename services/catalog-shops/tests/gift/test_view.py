"""Read models of gifts, folded from events."""

from datetime import UTC, date, datetime, timedelta

from catalog_shops.gift.view import (
    GiftsView,
    OwnGiftView,
    keys,
    own_gift_keys,
    project,
    project_own_gift,
)
from zugabe_events.contracts.catalog_shops import (
    GiftEvent,
    GiftModeSet,
    GiftOffered,
    GiftWithdrawn,
    OwnShopsUnlocked,
)
from zugabe_events.domain.gift_rules import configuration_at
from zugabe_events.domain.gifts import Gift

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def offered(version: int, at: datetime, limit_cents: int = 10_000) -> GiftOffered:
    gift = Gift("cup", "G-1", "Tasse", limit_cents, date(2026, 1, 1))
    return GiftOffered("acme", version, gift, at)


def test_all_rules_of_a_tenant_are_one_document() -> None:
    """X-40"""
    view: GiftsView | None = None
    events: list[GiftEvent] = [
        offered(1, NOW),
        GiftModeSet("acme", 2, "from", NOW),
        GiftWithdrawn("acme", 3, "cup", LATER),
    ]
    for event in events:
        assert keys(event) == ["acme"]
        view = project(view, event)
    assert view is not None
    assert view.dealer == "acme"
    assert [gift.gift for gift in configuration_at(view.rules, NOW).gifts] == ["cup"]
    assert configuration_at(view.rules, LATER).gifts == ()
    unlocked = OwnShopsUnlocked("acme", NOW)
    assert (keys(unlocked), project(view, unlocked)) == ([], view)


def test_the_list_shows_what_is_in_force_last() -> None:
    """GA-12, X-40"""

    def after(*events: GiftEvent) -> OwnGiftView:
        view: OwnGiftView | None = None
        for event in events:
            assert own_gift_keys(event) == ["acme/cup"]
            view = project_own_gift(view, event)
        assert view is not None
        return view

    past = offered(2, NOW - timedelta(days=365), 5_000)
    assert after(offered(1, NOW), past).limit_cents == 10_000
    withdrawn = after(offered(1, NOW), GiftWithdrawn("acme", 2, "cup", LATER))
    assert (withdrawn.status, withdrawn.limit_cents) == ("withdrawn", 10_000)
    again = after(offered(1, NOW), GiftWithdrawn("acme", 2, "cup", LATER), offered(3, LATER, 7_500))
    assert (again.status, again.limit_cents) == ("offered", 7_500)
    assert own_gift_keys(GiftModeSet("acme", 1, "from", NOW)) == []
