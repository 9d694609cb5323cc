"""What each phase needs before it is complete, and what central may do without."""

from collections.abc import Iterator

from onboarding.brand.progress import STEPS, Progress
from zugabe_events.contracts.onboarding import Missing, Phase

WAIVABLE = frozenset(
    {
        "form:contacts",
        "form:data-models",
        "form:warehouse",
        "form:customer-service",
        "texts",
        "images",
        "reporting",
    }
)
"""Not the release forms, the only way to a release (ON-16), nor the warehouse, without which no
address could be disclosed (ON-31), nor the goods receipt (ON-7), nor live articles (ON-10): a
platform that is not wanted any more is withdrawn. Nor what a platform demands (ON-20)."""


def missing(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """All that the phase still needs, with what earlier ones lack again."""
    return tuple(one for one in needed(progress, phase) if one.requirement not in progress.waivers)


def done_without(progress: Progress, phase: Phase) -> tuple[Missing, ...]:
    """What is not there, and waived."""
    return tuple(one for one in needed(progress, phase) if one.requirement in progress.waivers)


def needed(progress: Progress, phase: Phase) -> Iterator[Missing]:
    match phase:
        case "organisation":
            yield from of_organisation(progress)
        case "content":
            yield from of_content(progress)
        case "logistics":
            yield from of_content(progress)
            if not progress.receipts:
                yield Missing("goods-receipt", "central" if progress.deliveries else "partner")
        case "live":
            yield from of_going_live(progress)


def of_organisation(progress: Progress) -> Iterator[Missing]:
    """Open releases and data models do not block it (Q14)."""
    for step in STEPS:
        if step not in progress.steps:
            yield Missing(f"form:{step}", "central" if step in progress.handed_in else "partner")
    if progress.warehouse is None:
        yield Missing("warehouse", "central")


def of_content(progress: Progress) -> Iterator[Missing]:
    """Text and images of all registered articles (ON-5, ON-6); guides help the partner with them,
    and central provides the data models without which there is no text (ON-25)."""
    if not progress.articles:
        yield Missing("articles", "partner")
    for product_type in progress.article_types:
        if product_type not in progress.available and "texts" not in progress.waivers:
            yield Missing("data-model", "central", product_type)
    if lacking := progress.articles - progress.texts:
        yield Missing("texts", "partner", count=lacking)
    if lacking := progress.articles - progress.images:
        yield Missing("images", "partner", count=lacking)


def of_going_live(progress: Progress) -> Iterator[Missing]:
    """Live articles on every released platform (ON-10). One whose own preconditions are open blocks
    only itself (ON-20), unless there is no other."""
    granted = progress.granted
    free = [name for name in granted if not progress.releases[name].open]
    if not granted:
        yield Missing("release", "central")
    for platform in () if free else granted:
        for precondition in progress.releases[platform].open:
            yield Missing(f"precondition:{precondition}", "partner", platform)
    for platform in free:
        if not progress.live.get(platform):
            yield Missing("live-articles", "central", platform)
    if not progress.reported:
        yield Missing("reporting", "central")
