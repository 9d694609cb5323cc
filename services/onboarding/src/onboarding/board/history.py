"""The history of a brand, in German: one sentence for each event that people care about."""

from onboarding.form.definition import INITIAL
from onboarding.labels import (
    PHASES,
    articles,
    enumerated,
    platform_label,
    requirement_label,
    requirement_lines,
)
from zugabe_events.contracts.onboarding import (
    ArticlesLeftOut,
    ArticlesRegistered,
    ArticlesWentLive,
    BrandAdded,
    BrandRenamed,
    BrandWentLive,
    ContactReplaced,
    ContentCreated,
    DataModelAvailable,
    DataModelsOverdue,
    DataModelsRequested,
    DeliveryAnnounced,
    DeliveryDisclosed,
    DraftSaved,
    FormAccepted,
    FormSentBack,
    FormSubmitted,
    GoodsReceived,
    LinkSent,
    LinksRevoked,
    ManagerAssigned,
    OnboardingClosed,
    OnboardingOpened,
    OnboardingPaused,
    OnboardingResumed,
    PartnerReminded,
    PartnerRenamed,
    PartnerWelcomed,
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
    WaiverGranted,
    WarehouseChosen,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.german_numbers import thousands

STEPS = {
    "releases": "Plattformfreigaben",
    "contacts": "Kontaktübersicht",
    "data-models": "Datenmodelle",
    "warehouse": "Lagerinformationen",
    "customer-service": "Kundenservice",
}


def of_partner(event: Event, brand: str) -> str | None:  # noqa: C901
    """Of the partner's stream; None for what is about other brands, or tells people nothing."""
    match event:
        case OnboardingOpened(name=name):
            return f"Das Onboarding von {name} wurde vorbereitet."
        case BrandAdded(brand=added, name=name) if added == brand:
            return f"Die Marke {name} wurde aufgenommen."
        case BrandRenamed(brand=renamed, name=name, before=before) if renamed == brand:
            return f"Die Marke {before} heißt jetzt {name}."
        case PartnerRenamed(name=name, before=before):
            return f"{before} heißt jetzt {name}."
        case ManagerAssigned(before=before):
            return (
                "Ein Customer Success Manager wurde zugeordnet."
                if before is None
                else "Ein anderer Customer Success Manager wurde zugeordnet."
            )
        case PartnerWelcomed():
            return "Der Partner wurde willkommen geheißen."
        case LinkSent():
            return "Dem Kontakt wurde ein neuer Link gesendet."
        case LinksRevoked():
            return "Die Links des Kontakts wurden gesperrt."
        case ContactReplaced():
            return "Mails gehen jetzt an eine andere Adresse oder einen anderen Kontakt."
        case OnboardingPaused(reason=reason):
            return f"Das Onboarding wurde unterbrochen: {reason}"
        case OnboardingResumed():
            return "Das Onboarding läuft weiter."
        case OnboardingClosed(reason=reason):
            return f"Das Onboarding wurde beendet: {reason}"
        case _:
            return None


def of_form(event: Event) -> str | None:
    match event:
        case DraftSaved(form=form):
            return f"„{titled(form)}“ wurde als Entwurf gespeichert."
        case FormSubmitted(form=form, source="sales"):
            return f"„{titled(form)}“ wurde aus der Vertriebsphase übernommen."
        case FormSubmitted(form=form):
            return f"„{titled(form)}“ wurde eingereicht."
        case FormAccepted(form=form):
            return f"„{titled(form)}“ wurde angenommen."
        case FormSentBack(form=form, reason=reason):
            return f"„{titled(form)}“ wurde zurückgegeben: {reason}"
        case _:
            return None


def of_brand(event: Event) -> str | None:
    """Of the brand's own stream."""
    return of_progress(event) or of_release(event) or of_goods(event)


def of_progress(event: Event) -> str | None:
    match event:
        case PhaseStarted(phase=phase):
            return f"Die Phase {PHASES[phase]} hat begonnen."
        case PhaseCompleted(phase=phase):
            return f"Die Phase {PHASES[phase]} wurde abgeschlossen."
        case StepDone(step=step):
            return f"Der Schritt {STEPS[step]} ist erledigt."
        case StepReopened(step=step):
            return f"Der Schritt {STEPS[step]} ist wieder offen."
        case WaiverGranted(requirement=requirement, reason=reason):
            return f"Verzicht auf „{requirement_label(requirement)}“: {reason}"
        case PartnerReminded(automatic=automatic, missing=missing):
            how = "automatisch erinnert" if automatic else "erinnert"
            return f"Der Partner wurde {how}: {'; '.join(requirement_lines(missing))}"
        case BrandWentLive(platforms=platforms):
            return f"Die Marke ist live auf {labelled(platforms)}."
        case ReportingSent():
            return "Reporting und Datenlinks wurden verschickt."
        case _:
            return None


def of_release(event: Event) -> str | None:
    match event:
        case PlatformsChosen(platforms=platforms):
            return f"Gewünschte Plattformen: {labelled(platforms)}."
        case ReleaseRequested(platform=platform):
            return f"Die Freigabe bei {platform_label(platform)} wurde angefragt."
        case ReleaseGranted(platform=platform):
            return f"{platform_label(platform)} hat die Marke freigegeben."
        case ReleaseRefused(platform=platform, reason=reason):
            return f"{platform_label(platform)} hat die Marke abgelehnt: {reason}"
        case ReleaseWithdrawn(platform=platform, reason=reason):
            return f"Die Freigabe bei {platform_label(platform)} wurde zurückgezogen: {reason}"
        case PreconditionMet(platform=platform, precondition=precondition):
            label = requirement_label(f"precondition:{precondition}")
            return f"Für {platform_label(platform)} ist erfüllt: {label}."
        case ArticlesWentLive(platform=platform, articles=several):
            return f"Live auf {platform_label(platform)}: {counted(len(several))}."
        case _:
            return None


def of_goods(event: Event) -> str | None:  # noqa: C901
    match event:
        case ProductTypesNeeded(labels=labels, available=available, missing=missing):
            return f"Benötigte Produkttypen: {enumerated(labels or (*available, *missing))}."
        case DataModelsRequested(labels=labels, due_on=due):
            return f"Datenmodelle gemeldet: {enumerated(labels)}, fällig am {due:%d.%m.%Y}."
        case DataModelAvailable():
            return "Ein Datenmodell, auf das die Marke wartete, ist da."
        case DataModelsOverdue(product_types=late):
            one = "Ein Datenmodell ist" if len(late) == 1 else f"{len(late)} Datenmodelle sind"
            return f"{one} überfällig."
        case ArticlesRegistered(articles=several):
            return f"Registriert: {counted(len(several))}."
        case ArticlesLeftOut(articles=several, reason=reason):
            return f"Ausgelassen: {counted(len(several))}. Grund: {reason}"
        case ContentCreated(texts=texts, images=images):
            text, pictures = articles(len(texts)), articles(len(images))
            return f"Content ist da: Text für {text}, Bilder für {pictures}."
        case WarehouseChosen(warehouse_name=name):
            return f"Als Lager wurde {name} gewählt."
        case DeliveryDisclosed(again=again):
            again_ = "noch einmal " if again else ""
            return f"Dem Partner wurde {again_}gesagt, wohin er liefert."
        case DeliveryAnnounced(expected_on=day, pieces=pieces):
            return f"Anlieferung angekündigt: {thousands(pieces)} Stück am {day:%d.%m.%Y}."
        case GoodsReceived(received_on=day, pieces=pieces):
            return f"Wareneingang gebucht: {thousands(pieces)} Stück am {day:%d.%m.%Y}."
        case _:
            return None


def titled(form: str) -> str:
    return INITIAL[form].title if form in INITIAL else form


def labelled(platforms: tuple[str, ...]) -> str:
    return enumerated([platform_label(platform) for platform in platforms])


def counted(number: int) -> str:
    return "ein Artikel" if number == 1 else f"{thousands(number)} Artikel"
