"""A user's uses and issues in the system before (X-30)."""

from collections.abc import Sequence
from dataclasses import dataclass

from vouchers.wallet.state import Wallet, of_import
from zugabe_events.contracts.vouchers import PastUsesImported, VoucherIssued


@dataclass(frozen=True, slots=True)
class ImportUses:
    """An import says how often a user had used a campaign's code."""

    import_id: str
    dealer: str
    campaign_id: str
    customer: str
    user: str
    uses: int


@dataclass(frozen=True, slots=True)
class ImportVoucher:
    issued: VoucherIssued


def import_uses(command: ImportUses, wallet: Wallet) -> Sequence[PastUsesImported]:
    """Only the difference to what the same import said before: a repeat changes nothing."""
    before = wallet.past.get(of_import(command.import_id, command.campaign_id), 0)
    if command.uses == before:
        return []
    return [
        PastUsesImported(
            import_id=command.import_id,
            dealer=command.dealer,
            campaign_id=command.campaign_id,
            uses=command.uses - before,
            customer=command.customer,
            user=command.user,
        )
    ]


def import_voucher(command: ImportVoucher, wallet: Wallet) -> Sequence[VoucherIssued]:
    """Nothing for a user who has a voucher of the campaign, or will have one."""
    return [] if wallet.has_earned(command.issued.campaign_id) else [command.issued]
