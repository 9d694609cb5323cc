"""A brand's onboarding, one stream for all its four phases (Q15)."""

from collections.abc import Callable, Sequence
from typing import Any

from onboarding.brand.articles import (
    ArticleCommand,
    CreateContent,
    LetArticlesLive,
    RegisterArticles,
    SendReporting,
    decide_articles,
    send_reporting,
)
from onboarding.brand.data_models import (
    DataModelCommand,
    FlagOverdue,
    NeedProductTypes,
    NoteDataModel,
    RequestDataModels,
    decide_data_models,
)
from onboarding.brand.logistics import (
    AnnounceDelivery,
    BookReceipt,
    ChooseWarehouse,
    DiscloseAgain,
    WarehouseCommand,
    decide_warehousing,
)
from onboarding.brand.phases import (
    CompletePhase,
    GrantWaiver,
    OpenBrand,
    PhaseCommand,
    StartPhases,
    decide_phases,
)
from onboarding.brand.releases import (
    ChoosePlatforms,
    GrantRelease,
    MeetPrecondition,
    RefuseRelease,
    ReleaseCommand,
    RequestRelease,
    WithdrawRelease,
    decide_releases,
)
from onboarding.brand.reminders import Remind, RemindOfMissed, remind, remind_of_missed
from onboarding.brand.state import State, Unknown, brand_of, evolve
from onboarding.brand.steps import FinishStep, StepCommand, TurnStep, decide_steps
from onboarding.partner.decider import partner_history
from onboarding.partner.state import welcomed_partner
from zugabe_events.contracts.onboarding import BrandEvent
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Event, Stream

type Command = (
    PhaseCommand
    | StepCommand
    | Remind
    | RemindOfMissed
    | ReleaseCommand
    | DataModelCommand
    | ArticleCommand
    | WarehouseCommand
    | SendReporting
)


def decide(command: Command, state: State) -> Sequence[BrandEvent]:
    match command:
        case OpenBrand() | StartPhases() | CompletePhase() | GrantWaiver():
            return decide_phases(command, state)
        case SendReporting():
            return send_reporting(command, brand_of(state))
        case FinishStep() | TurnStep():
            return decide_steps(command, brand_of(state))
        case Remind():
            return remind(command, brand_of(state))
        case RemindOfMissed():
            return remind_of_missed(command, brand_of(state))
        case (
            ChoosePlatforms()
            | RequestRelease()
            | GrantRelease()
            | RefuseRelease()
            | WithdrawRelease()
            | MeetPrecondition()
        ):
            return decide_releases(command, state)
        case NeedProductTypes() | RequestDataModels() | NoteDataModel() | FlagOverdue():
            return decide_data_models(command, state)
        case RegisterArticles() | CreateContent() | LetArticlesLive():
            return decide_articles(command, state)
        case ChooseWarehouse() | DiscloseAgain() | AnnounceDelivery() | BookReceipt():
            return decide_warehousing(command, state)


BRAND_DECIDER: Decider[Command, State, BrandEvent] = Decider("brand", Unknown(), decide, evolve)


def brand_history(partner: str, brand_id: str) -> History[State, BrandEvent]:
    return History(Stream(f"brand/{partner}/{brand_id}", partner), BRAND_DECIDER)


type Joint = tuple[
    Sequence[History[Any, Any]], Callable[[Sequence[Any]], Sequence[Sequence[Event]]]
]
"""Streams that are read together, and the decision on them, as `handle_together` takes both."""


def with_partner(
    partner: str,
    brand_id: str,
    command: Command | Callable[..., Command],
    *reads: History[Any, Any],
) -> Joint:
    """A command on a brand, made from its partner's onboarding and what else it `reads`.

    Refuse while the onboarding is prepared, paused or closed.
    """

    def decide_together(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
        of_partner, of_brand, *others = states
        onboarding = welcomed_partner(of_partner)
        brand_of(of_brand)
        made = command(onboarding, *others) if callable(command) else command
        return [[], BRAND_DECIDER.decide(made, of_brand), *([] for _ in others)]

    return [partner_history(partner), brand_history(partner, brand_id), *reads], decide_together
