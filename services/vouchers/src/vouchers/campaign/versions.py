"""The versions of a campaign's terms, with what each changed (X-17)."""

from collections.abc import Sequence
from datetime import datetime

from vouchers.campaign.decider import Active, Campaign, Draft, Unknown
from vouchers.campaign.view import ShownTerms, shown_fields
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.event import Fact

MAX_SHOWN = 50


class CampaignVersion(Fact, frozen=True):
    """Terms in force from `effective_at` to the next version; a draft is in force at no time.

    `changed` are the fields in which they differ from the version before.
    """

    version: int
    effective_at: datetime | None
    changed: tuple[str, ...]
    terms: ShownTerms


class CampaignVersions(Fact, frozen=True):
    """The latest first; `before` asks for those that follow, None: there are no more.

    Versions of a draft that was edited before its activation are left out.
    """

    versions: tuple[CampaignVersion, ...]
    before: int | None


def versions_of(campaign: Campaign, before: int | None) -> CampaignVersions:
    """At most MAX_SHOWN, those with lower numbers than `before` if that is given."""
    found = [
        version
        for version in reversed(all_versions(campaign))
        if before is None or version.version < before
    ]
    is_more = len(found) > MAX_SHOWN
    page = tuple(found[:MAX_SHOWN])
    return CampaignVersions(page, page[-1].version if is_more else None)


def all_versions(campaign: Campaign) -> Sequence[CampaignVersion]:
    match campaign:
        case Unknown():
            return []
        case Draft(version=version, terms=terms):
            return [CampaignVersion(version, None, (), shown_terms(terms))]
        case Active(versions=versions):
            earlier = [None, *versions[:-1]]
            return [
                CampaignVersion(
                    one.version,
                    one.effective_at if one.effective_at.year > 1 else None,
                    changed_between(before.terms, one.terms) if before else (),
                    shown_terms(one.terms),
                )
                for before, one in zip(earlier, versions, strict=True)
            ]


def shown_terms(terms: CampaignTerms) -> ShownTerms:
    return ShownTerms(**shown_fields(terms))


def changed_between(before: CampaignTerms, after: CampaignTerms) -> tuple[str, ...]:
    old, new = shown_fields(before), shown_fields(after)
    return tuple(name for name, value in new.items() if old[name] != value)
