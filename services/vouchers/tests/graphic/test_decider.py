"""A graphic belongs to a newsletter campaign, within bytes and pixels."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from vouchers.campaign.decider import Draft, Unknown
from vouchers.graphic.decider import (
    GRAPHIC_DECIDER,
    KB,
    GraphicNotWantedError,
    GraphicSizeError,
    GraphicTooLargeError,
    RemoveGraphic,
    SetGraphic,
)
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    VoucherGraphic,
    VoucherGraphicRemoved,
    VoucherGraphicSet,
)
from zugabe_events.domain.errors import NotFoundError
from zugabe_testing.deciders import given

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
GRAPHIC = VoucherGraphic("f1", "image/png", 966, 966, 1_000)
SET = VoucherGraphicSet("acme", "letter", GRAPHIC, NOON)
REMOVED = VoucherGraphicRemoved("acme", "letter", NOON)

type Wanted = Callable[..., SetGraphic]


@pytest.fixture
def wanted(terms: Callable[..., CampaignTerms]) -> Wanted:
    def command(
        graphic: VoucherGraphic = GRAPHIC, sent_bytes: int = 200 * KB, newsletter: bool = True
    ) -> SetGraphic:
        campaign = Draft("acme", "letter", 1, terms(newsletter=newsletter))
        return SetGraphic("acme", "letter", campaign, graphic, sent_bytes, NOON)

    return command


def test_a_graphic_is_set_replaced_and_removed(wanted: Wanted) -> None:
    """VO-36, VO-37"""
    given(GRAPHIC_DECIDER).when(wanted()).then(SET)
    given(GRAPHIC_DECIDER, SET).when(wanted()).then()
    other = replace(GRAPHIC, file="f2")
    given(GRAPHIC_DECIDER, SET).when(wanted(other)).then(replace(SET, graphic=other))
    remove = RemoveGraphic("acme", "letter", NOON)
    given(GRAPHIC_DECIDER, SET).when(remove).then(REMOVED)
    given(GRAPHIC_DECIDER, SET, REMOVED).when(remove).then()


def test_what_does_not_fit_is_refused(wanted: Wanted) -> None:
    """VO-36"""
    decider = given(GRAPHIC_DECIDER)
    decider.when(wanted(sent_bytes=200 * KB + 1)).refused(GraphicTooLargeError, "graphic-too-large")
    decider.when(wanted(replace(GRAPHIC, width=967))).refused(GraphicSizeError, "graphic-size")
    decider.when(wanted(replace(GRAPHIC, height=967))).refused(GraphicSizeError)
    decider.when(wanted(newsletter=False)).refused(GraphicNotWantedError, "graphic-not-wanted")
    nowhere = SetGraphic("acme", "letter", Unknown(), GRAPHIC, 1, NOON)
    decider.when(nowhere).refused(NotFoundError)
