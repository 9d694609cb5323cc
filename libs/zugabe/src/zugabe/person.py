"""`zugabe person`: what the services of the running stack store about a person, and its erasure."""

from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.service_commands import run_command
from zugabe.services import ALL

OWNER = "checkout"
"""The service that owns the keys of users."""

Dealer = Annotated[str, typer.Argument()]
User = Annotated[str, typer.Argument()]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.")]

person = typer.Typer(help="A person's data: everything stored, or its erasure.")


@person.command()
def export(
    dealer: Dealer,
    user: User,
    reason: Reason,
    restricted: Annotated[bool, typer.Option(help="Show what is restricted, too.")] = False,
) -> None:
    """Print everything stored about a person: one JSON object per service, one after the other."""
    words = [dealer, user, "--reason", reason, *(["--restricted"] if restricted else [])]
    failed = [run_command(service, "person", "export", *words) for service in ALL]
    raise typer.Exit(max(failed))


@person.command()
def erase(dealer: Dealer, user: User, reason: Reason) -> None:
    """Erase a person's data, or restrict it for as long as the law keeps it."""
    raise typer.Exit(run_command(OWNER, "person", "erase", dealer, user, "--reason", reason))


@person.command()
def rotate_keys() -> None:
    """Make a new master key, and wrap the keys of all people with it."""
    home, _ = running()
    home.add_master_key()
    raise typer.Exit(run_command(OWNER, "rotate-keys"))
