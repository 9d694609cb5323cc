"""Finds out what unique code somebody has typed, if it is one."""

from dataclasses import dataclass

from vouchers.campaign.typed_code import is_central
from vouchers.unique_code.codes import UniqueCodes
from vouchers.unique_code.spelling import key_of, may_be_unique
from vouchers.wallet.decider import wallet_history
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.tenant import CENTRAL


@dataclass(frozen=True, slots=True)
class KnownCode:
    """A unique code of a campaign; one that was issued to the user has no `number`."""

    campaign_id: str
    campaign_code: str
    number: int | None


async def unique_code_of(
    store: EventStore, codes: UniqueCodes, dealer: str, user: str, code: str
) -> KnownCode | None:
    """A generated code, by one read, or one of the user's own vouchers."""
    if not may_be_unique(code):
        return None
    if generated := await codes.find(CENTRAL if is_central(code) else dealer, code):
        return KnownCode(generated.campaign_id, generated.campaign_code, generated.number)
    wallet = await state_of(store, wallet_history(dealer, user))
    for voucher in wallet.issued.values():
        if voucher.terms.unique_codes and key_of(voucher.code) == key_of(code):
            return KnownCode(voucher.campaign_id, voucher.terms.code, None)
    return None
