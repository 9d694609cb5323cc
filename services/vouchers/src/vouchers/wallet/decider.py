"""Wallets: one history holds all that a user was issued, holds and has redeemed."""

from collections.abc import Sequence

from vouchers.wallet.earning import ReachState, issue_awaited
from vouchers.wallet.evolution import evolve
from vouchers.wallet.grace import GrantGrace, grant
from vouchers.wallet.hold import EndAttempt, HoldVouchers, end_attempt, hold
from vouchers.wallet.order import TakeOrder, UndoOrder, take, undo
from vouchers.wallet.past import ImportUses, ImportVoucher, import_uses, import_voucher
from vouchers.wallet.state import Wallet, WalletEvent
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type Command = (
    HoldVouchers
    | EndAttempt
    | TakeOrder
    | ReachState
    | UndoOrder
    | GrantGrace
    | ImportUses
    | ImportVoucher
)


def decide(command: Command, wallet: Wallet) -> Sequence[WalletEvent]:
    match command:
        case HoldVouchers():
            return hold(command, wallet)
        case EndAttempt():
            return end_attempt(command, wallet)
        case TakeOrder():
            return take(command, wallet)
        case ReachState():
            return issue_awaited(command, wallet)
        case UndoOrder():
            return undo(command, wallet)
        case GrantGrace():
            return grant(command, wallet)
        case ImportUses():
            return import_uses(command, wallet)
        case ImportVoucher():
            return import_voucher(command, wallet)


WALLET_DECIDER: Decider[Command, Wallet, WalletEvent] = Decider("wallet", Wallet(), decide, evolve)


def wallet_history(dealer: str, user: str) -> History[Wallet, WalletEvent]:
    """One key for all that a user orders, uses and earns, here and at checkout."""
    return History(Stream(f"wallet/{dealer}/{user}", f"{dealer}/{user}"), WALLET_DECIDER)
