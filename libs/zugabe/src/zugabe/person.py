"""`zugabe person`: what the services of the running stack store about a person, and its erasure."""

from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.service_commands import run_command
from zugabe.services import ALL

OWNER, CONTACTS = "checkout", "onboarding"
"""The services that own the keys: of dealers' users, and of partners' contacts and managers."""

Tenant = Annotated[str, typer.Argument(help="The dealer; of a contact the partner, or `central`.")]
User = Annotated[str, typer.Argument()]
Contact = Annotated[
    bool, typer.Option(help="It is a partner's contact, or a manager of `central`.")
]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.")]

person = typer.Typer(help="A person's data: everything stored, or its erasure.")


@person.command()
def export(
    tenant: Tenant,
    user: User,
    reason: Reason,
    contact: Contact = False,
    restricted: Annotated[bool, typer.Option(help="Show what is restricted, too.")] = False,
) -> None:
    """Print everything stored about a person: one JSON object per service, one after the other."""
    words = [tenant, user, "--reason", reason, *(["--restricted"] if restricted else [])]
    failed = [run_command(service, "person", "export", *words) for service in holders(contact)]
    raise typer.Exit(max(failed))


@person.command()
def erase(tenant: Tenant, user: User, reason: Reason, contact: Contact = False) -> None:
    """Erase a person's data, or restrict it for as long as the law keeps it."""
    owner = CONTACTS if contact else OWNER
    raise typer.Exit(run_command(owner, "person", "erase", tenant, user, "--reason", reason))


@person.command()
def rotate_keys() -> None:
    """Make a new master key, and wrap the keys of all people with it."""
    home, _ = running()
    home.add_master_key()
    raise typer.Exit(max(run_command(owner, "rotate-keys") for owner in (OWNER, CONTACTS)))


def holders(contact: bool) -> list[str]:
    """A dealer and a partner may bear one name: their people are never told together."""
    return [service for service in ALL if (service == CONTACTS) == contact]
