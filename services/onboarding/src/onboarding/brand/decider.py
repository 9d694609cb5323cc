"""A brand's onboarding, one stream for all its four phases (Q15): its decisions and its fold."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from immutables import Map
from msgspec.structs import replace

from onboarding.brand.articles import (
    ArticleCommand,
    CreateContent,
    LeaveOutArticles,
    LetArticlesLive,
    RegisterArticles,
    SendReporting,
    decide_articles,
    with_content,
    without_articles,
    without_left_out,
)
from onboarding.brand.data_models import (
    DataModelCommand,
    FlagOverdue,
    NeedProductTypes,
    NoteDataModel,
    RequestDataModels,
    decide_data_models,
    noted_data_model,
    noted_overdue,
)
from onboarding.brand.logistics import (
    AnnounceDelivery,
    BookReceipt,
    LogisticsCommand,
    decide_logistics,
)
from onboarding.brand.names import NameCommand, RenameBrand, RenameItsPartner, decide_names
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
    noted_release,
)
from onboarding.brand.reminders import Remind, RemindOfMissed, remind, remind_of_missed
from onboarding.brand.state import (
    ArticleContent,
    Brand,
    Pieces,
    Progress,
    State,
    Unknown,
    WaitingTime,
    WaitsFor,
    brand_of,
    turned,
    waits_for,
    with_all,
    without,
)
from onboarding.brand.steps import (
    FinishStep,
    NoteAcceptedForms,
    ReopenStep,
    StepCommand,
    TurnStep,
    decide_steps,
)
from onboarding.partner.decider import partner_history
from onboarding.partner.state import welcomed_partner
from onboarding.warehouse.decider import ChooseWarehouse, DiscloseAgain, decide_choice
from zugabe_events.contracts.onboarding import (
    AcceptedFormsChanged,
    ArticlesLeftOut,
    ArticlesRegistered,
    ArticlesWentLive,
    BrandEvent,
    BrandOpened,
    BrandRenamed,
    BrandWentLive,
    ContentCreated,
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    DeliveryAnnounced,
    DeliveryDisclosed,
    GoodsReceived,
    PartnerReminded,
    PartnerRenamed,
    PhaseCompleted,
    PhaseStarted,
    PlatformsChosen,
    PreconditionMet,
    ProductTypesNeeded,
    ReleaseGranted,
    ReleaseRefused,
    ReleaseRequested,
    ReleaseWithdrawn,
    ReportingSent,
    StepDone,
    StepReopened,
    StepTurned,
    WaiverGranted,
    WarehouseChosen,
)
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
    | LogisticsCommand
    | ChooseWarehouse
    | DiscloseAgain
    | NameCommand
)


def decide(command: Command, state: State) -> Sequence[BrandEvent]:  # noqa: C901
    match command:
        case OpenBrand() | StartPhases() | CompletePhase() | GrantWaiver():
            return decide_phases(command, state)
        case FinishStep() | TurnStep() | ReopenStep() | NoteAcceptedForms():
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
        case (
            RegisterArticles()
            | LeaveOutArticles()
            | CreateContent()
            | LetArticlesLive()
            | SendReporting()
        ):
            return decide_articles(command, state)
        case ChooseWarehouse() | DiscloseAgain():
            return decide_choice(command, brand_of(state))
        case AnnounceDelivery() | BookReceipt():
            return decide_logistics(command, state)
        case RenameBrand() | RenameItsPartner():
            return decide_names(command, brand_of(state))


def evolve(state: State, event: BrandEvent) -> State:
    if isinstance(event, BrandOpened):
        state = Brand(event.partner, event.brand, event.name, partner_name=event.partner_name)
    brand = evolved(brand_of(state), event)
    return replace(
        brand,
        progress=noted(brand.progress, event),
        waiting=with_waiting_time(brand.waiting, waits_for(brand.progress), event),
    )


def evolved(brand: Brand, event: BrandEvent) -> Brand:  # noqa: C901
    """The parts of the state that are not in `Progress`."""
    match event:
        case ArticlesRegistered():
            added = {
                article.article: ArticleContent(article.product_type) for article in event.articles
            }
            return replace(brand, articles=brand.articles.update(added))
        case ArticlesLeftOut():
            return without_articles(brand, event)
        case ContentCreated():
            return replace(brand, articles=with_content(brand.articles, event))
        case ArticlesWentLive(platform=platform):
            live = brand.live.get(platform, Map[str, bool]())
            live = live.update(dict.fromkeys(event.articles, True))
            return replace(brand, live=brand.live.set(platform, live))
        case ReleaseWithdrawn(platform=platform) if platform in brand.live:
            return replace(brand, live=brand.live.delete(platform))
        case DeliveryAnnounced():
            delivery = Pieces(event.expected_on, event.pieces)
            return replace(brand, deliveries=brand.deliveries.set(event.delivery, delivery))
        case GoodsReceived():
            receipt = Pieces(event.received_on, event.pieces)
            return replace(brand, receipts=brand.receipts.set(event.receipt, receipt))
        case DeliveryDisclosed():
            return replace(brand, disclosed=event)
        case BrandRenamed(name=name):
            return replace(brand, name=name)
        case PartnerRenamed(name=name):
            return replace(brand, partner_name=name)
        case ReportingSent():
            return replace(
                brand, reporting=(event.reporting_url, event.data_links, event.contact.contact_id)
            )
        case PartnerReminded(phase=phase, automatic=automatic, reminded_at=at):
            reminded = (*brand.reminded, phase) if automatic else brand.reminded
            return replace(brand, reminded=reminded, reminded_at=at)
        case _:
            return brand


def noted(progress: Progress, event: BrandEvent) -> Progress:  # noqa: C901
    match event:
        case BrandOpened():
            return replace(progress, steps=with_all((), *event.steps), handed_in=event.handed_in)
        case StepDone():
            return replace(progress, steps=with_all(progress.steps, event.step))
        case StepTurned():
            return replace(progress, handed_in=turned(progress.handed_in, event))
        case AcceptedFormsChanged():
            others = {form: step for form, step in progress.accepted.items() if step != event.step}
            return replace(progress, accepted=others | dict.fromkeys(event.forms, event.step))
        case StepReopened(step=step) if not progress.has_completed("organisation"):
            return replace(
                progress,
                steps=without(progress.steps, step),
                handed_in=without(progress.handed_in, step),
            )
        case PhaseStarted():
            return replace(progress, phase=event.phase, started_at=event.started_at)
        case BrandWentLive():
            return replace(progress, live_at=event.live_at)
        case WaiverGranted():
            return replace(progress, waivers=with_all(progress.waivers, event.requirement))
        case WarehouseChosen():
            return replace(progress, warehouse=event.warehouse)
        case DeliveryDisclosed():
            return replace(progress, disclosed=True)
        case DeliveryAnnounced():
            return replace(progress, deliveries=progress.deliveries + 1)
        case GoodsReceived():
            return replace(progress, receipts=progress.receipts + 1)
        case ArticlesRegistered():
            types = with_all(
                progress.article_types, *(article.product_type for article in event.articles)
            )
            articles = progress.articles + len(event.articles)
            return replace(progress, articles=articles, article_types=types)
        case ArticlesLeftOut():
            return without_left_out(progress, event)
        case ContentCreated():
            texts, images = len(event.texts), len(event.images)
            return replace(progress, texts=progress.texts + texts, images=progress.images + images)
        case ReportingSent():
            return replace(
                progress,
                reported=True,
                reporting_url=event.reporting_url,
                data_links=event.data_links,
            )
        case ProductTypesNeeded() | DataModelsRequested() | DataModelAvailable():
            return noted_data_model(progress, event)
        case DataModelsOverdue():
            return noted_overdue(progress, event)
        case PlatformsChosen():
            return replace(progress, platforms=with_all((), *event.platforms))
        case ArticlesWentLive():
            articles = progress.live.get(event.platform, 0) + len(event.articles)
            return replace(progress, live={**progress.live, event.platform: articles})
        case (
            ReleaseRequested()
            | ReleaseGranted()
            | ReleaseRefused()
            | ReleaseWithdrawn()
            | PreconditionMet()
        ):
            return noted_release(progress, event)
        case PhaseCompleted() | PartnerReminded() | StepReopened():
            return progress
        case BrandRenamed() | PartnerRenamed():
            return progress


def with_waiting_time(waiting: WaitingTime, before: WaitsFor, event: BrandEvent) -> WaitingTime:
    """Add the time until the event; `before` is the side that was waited for."""
    if isinstance(event, PhaseStarted):
        return WaitingTime(event.started_at)
    at = instant_of(event)
    return waiting if at is None else waiting.until(at, before)


def instant_of(event: BrandEvent) -> datetime | None:  # noqa: C901
    match event:
        case StepDone(done_at=at) | PhaseStarted(started_at=at) | PhaseCompleted(completed_at=at):
            return at
        case StepTurned(turned_at=at) | StepReopened(reopened_at=at):
            return at
        case WaiverGranted(granted_at=at) | ReleaseGranted(granted_at=at):
            return at
        case PlatformsChosen(chosen_at=at) | WarehouseChosen(chosen_at=at):
            return at
        case ReleaseRequested(requested_at=at) | DataModelsRequested(requested_at=at):
            return at
        case ReleaseRefused(refused_at=at) | ReleaseWithdrawn(withdrawn_at=at):
            return at
        case PreconditionMet(met_at=at) | ProductTypesNeeded(stated_at=at):
            return at
        case DataModelAvailable(available_at=at) | ArticlesRegistered(registered_at=at):
            return at
        case ContentCreated(created_at=at) | DeliveryAnnounced(announced_at=at):
            return at
        case GoodsReceived(booked_at=at) | ArticlesWentLive(live_at=at) | BrandWentLive(live_at=at):
            return at
        case ArticlesLeftOut(left_out_at=at) | AcceptedFormsChanged(changed_at=at):
            return at
        case BrandRenamed(renamed_at=at) | PartnerRenamed(renamed_at=at):
            return at
        case ReportingSent(sent_at=at) | PartnerReminded(reminded_at=at):
            return at
        case BrandOpened() | DataModelsOverdue() | DeliveryDisclosed():
            return None


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
