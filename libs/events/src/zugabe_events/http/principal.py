"""The principal of a request: claims of a verified token, validated strictly."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Literal, TypeGuard, get_args

from zugabe_events.domain.email_address import is_deliverable
from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.domain.mail import Title
from zugabe_events.domain.person_name import has_link
from zugabe_events.domain.reserved_text import looks_sealed
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.http.fields import ID_PATTERN

type Tenant = Literal["dealer", "partner"]
"""Kind of tenant of a bound role, and the path parameter of its routes."""

type Role = Literal["user", "dealer-staff", "central", "points-manager", "partner", "service"]

ROLES: frozenset[Role] = frozenset(get_args(Role.__value__))

ANONYMOUS = "anonymous"
"""The role of whoever brings no token, where a right names it; no token has it."""

NAME = r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}"

MAPPED = re.compile(r"s-[0-9a-f]{40}")
"""The form of ids that stand for subjects of another form."""

NOBODY = "-"
"""Subject of anonymous principals; no id looks like this."""

EVERYWHERE: frozenset[str] = frozenset({"central", "service"})
"""Roles that are bound to a tenant, a dealer or a partner, only if their token names it."""


@dataclass(frozen=True, slots=True)
class Principal:
    """`rights` are single rights beyond those of the role (X-16).

    `title` and `family_name` are how a letter addresses the person, if the token says so.
    `signed_in_at` is when the person themselves signed in, `acr` how strongly, if known.
    """

    subject: str
    role: Role | Literal["anonymous"]
    dealer: str | None = None
    customer: str | None = None
    rights: frozenset[str] = frozenset()
    name: str | None = None
    email: str | None = None
    partner: str | None = None
    title: Title | None = None
    family_name: str | None = None
    signed_in_at: datetime | None = None
    acr: str | None = None

    @property
    def is_user(self) -> bool:
        """True for users of a shop, who act for themselves alone, whatever rights they have."""
        return self.role in ("user", "points-manager")

    @property
    def is_bound(self) -> bool:
        """True also for callers who might be everywhere and whose token names one tenant (S4):
        the backend of a dealer, or central staff who care for him alone."""
        if self.role in EVERYWHERE:
            return self.dealer is not None or self.partner is not None
        return True

    def belongs_to(self, tenants: Mapping[str, str]) -> bool:
        """True if the path parameters name the tenant of this bound principal."""
        both = self.role in EVERYWHERE or self.role == ANONYMOUS
        kinds = get_args(Tenant.__value__) if both else (tenant_kind(self.role),)
        return any(kind in tenants and tenants[kind] == getattr(self, kind) for kind in kinds)


def tenant_kind(role: str) -> Tenant:
    return "partner" if role == "partner" else "dealer"


def anonymous(tenants: Mapping[str, str]) -> Principal:
    """Whoever asks without a token, bound to the dealer or partner that the path names."""
    dealer, partner = tenants.get("dealer"), tenants.get("partner")
    return Principal(NOBODY, "anonymous", dealer, partner=partner)


type Verify = Callable[[str], Awaitable[Principal]]
"""The principal of a token. Raises UnauthenticatedError for tokens of other issuers."""


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """The issuer's names of our claims: a claim's own name, or a path of names with dots between,
    such as Keycloak's `realm_access.roles`."""

    subject: str = "sub"
    role: str = "role"
    dealer: str = "dealer"
    partner: str = "partner"
    customer: str = "customer"


def claim(claims: Mapping[str, Any], name: str) -> object:
    """None if there is none. Names with dots of their own, such as URLs, go before paths."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def internal_id(subject: object) -> str | None:
    """The id under which we know a subject; None for what cannot be one.

    An issuer may use 255 ASCII characters (OpenID Connect Core 1.0, 2), more than ids have. Others
    than ids become `s-` and 40 hexadecimal digits of their SHA-256, the same ones every time.
    """
    if not _matches(subject, r"[ -~]{1,255}"):
        return None
    if _is_id(subject) and not MAPPED.fullmatch(subject):
        return subject
    return f"s-{sha256(subject.encode()).hexdigest()[:40]}"


def role_of(value: object) -> object:
    """The one role of ours in an array, which may have others."""
    if not isinstance(value, list):
        return value
    ours = [each for each in value if isinstance(each, str) and each in ROLES]
    return ours[0] if len(ours) == 1 else None


OUR_CLAIMS = ClaimNames()


def principal_of(claims: Mapping[str, Any], names: ClaimNames = OUR_CLAIMS) -> Principal:
    """Raises UnauthenticatedError for malformed claims.

    Subject, dealer, partner and customer become parts of stream ids and keys, hence their form.
    A name with a link and an address that the issuer does not call verified are left out: whoever
    signs up could have mails with text of their own sent to others (S13).
    """
    subject, role = internal_id(claim(claims, names.subject)), role_of(claim(claims, names.role))
    dealer, customer = claim(claims, names.dealer), claim(claims, names.customer)
    partner = claim(claims, names.partner)
    rights, name, email = claims.get("rights", []), claims.get("name"), claims.get("email")
    family_name = claims.get("family_name")
    if (
        subject is not None
        and isinstance(role, str)
        and role in ROLES
        and (dealer is None or (_is_id(dealer) and dealer != CENTRAL))
        and (partner is None or (_is_id(partner) and partner != CENTRAL))
        and (customer is None or _is_id(customer))
        and isinstance(rights, list)
        and len(rights) <= 100
        and all(_is_id(right) for right in rights)
        and (name is None or _is_name(name))
        and (family_name is None or _is_name(family_name))
        and (
            email is None
            or _matches(email, r"[^\s:\x00-\x1f\x7f\ud800-\udfff@]{1,64}@[\w.-]{1,190}")
        )
    ):
        return Principal(
            subject,
            role,
            dealer,
            customer,
            frozenset(rights),
            without_link(name),
            email if claims.get("email_verified") is True and is_deliverable(email or "") else None,
            partner,
            title_of(claims.get("gender")),
            without_link(family_name),
            sign_in_time(claims.get("auth_time")),
            acr if isinstance(acr := claims.get("acr"), str) else None,
        )
    raise UnauthenticatedError("Die Angaben im Token sind unvollständig oder falsch geformt.")


def sign_in_time(auth_time: object) -> datetime | None:
    """The time of the claim `auth_time` (OpenID Connect, in seconds)."""
    if isinstance(auth_time, bool) or not isinstance(auth_time, int | float):
        return None
    try:
        return datetime.fromtimestamp(auth_time, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def without_link(name: str | None) -> str | None:
    return None if name is None or has_link(name) else name


def title_of(gender: object) -> Title | None:
    """OpenID Connect names two genders, and lets issuers name others."""
    match gender:
        case "male":
            return "Herr"
        case "female":
            return "Frau"
        case _:
            return None


def _is_id(value: object) -> TypeGuard[str]:
    return _matches(value, ID_PATTERN.strip("^$"))


def _is_name(value: object) -> bool:
    return _matches(value, NAME) and not looks_sealed(value)


def _matches(value: object, pattern: str) -> TypeGuard[str]:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None
