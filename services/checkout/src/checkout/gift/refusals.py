"""Refusals of gifts."""

from collections.abc import Sequence

from checkout.gift.notices import Notice
from zugabe_events.domain.errors import RefusedError


class GiftNotOfferedError(RefusedError):
    """Chosen gifts that are none, or cannot be had, all of them at once (X-7, X-27)."""

    code = "gift-not-offered"

    def __init__(self, refused: Sequence[Notice]) -> None:
        details = list(dict.fromkeys(notice.detail for notice in refused))
        several = f"{len(refused)} gewählte Gratis-Artikel können nicht geliefert werden."
        super().__init__(details[0] if len(details) == 1 else several, refused_gifts=len(refused))
        self.lists = {
            "gifts": [{"gift": notice.gift, "detail": notice.detail} for notice in refused]
        }
