"""People to sign in as on a local stack, one for each role that pages may be for."""

from dataclasses import dataclass

from zugabe.roles import Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`known_as` tells people which one to choose, in German."""

    subject: str
    name: str
    role: Role
    known_as: str
    dealer: str | None = None
    partner: str | None = None
    customer: str | None = None

    @property
    def email(self) -> str:
        return f"{self.subject}@zugabe.invalid"

    @property
    def family_name(self) -> str:
        return self.name.rpartition(" ")[2]


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("maxi", "Maxi Meise", "central", "Customer Success, betreut Nordwind"),
    DemoPerson("zoe", "Zoe Zentrale", "central", "Customer Success"),
    DemoPerson("hanna", "Hanna Handel", "dealer-staff", "beim Händler Musikhaus", "musikhaus"),
    DemoPerson(
        "paul",
        "Paul Punkte",
        "points-manager",
        "Punkteverwaltung der Band",
        "musikhaus",
        None,
        "band",
    ),
    DemoPerson(
        "uli", "Uli User", "user", "kauft beim Händler Musikhaus", "musikhaus", None, "band"
    ),
    DemoPerson("petra", "Petra Partner", "partner", "beim Partner Nordwind", None, "nordwind"),
)
"""With the names of the realm in `deploy/keycloak`, and the manager of the demo."""
