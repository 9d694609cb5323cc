"""`zugabe person`: a person's data in all services of the running stack."""

from collections.abc import Sequence
from inspect import Parameter
from typing import Annotated

import typer

from zugabe.commands import running
from zugabe.operator_commands import forwarded
from zugabe.service_commands import run_commands
from zugabe.services import ALL
from zugabe_events.cli import commands as service_commands
from zugabe_events.cli.help import Commands

OWNER, CONTACTS = "checkout", "onboarding"
"""The owners of people's keys: of dealers' users, and of partners' contacts and managers."""

CONTACT = Parameter(
    "contact",
    Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[
        bool,
        typer.Option("--contact", help="The person is a partner's contact, or a manager."),
    ],
)

person = Commands(help=service_commands.person.info.help, no_args_is_help=True)


def holders(contact: bool) -> Sequence[str]:
    """A dealer and a partner may have the same name: data of their people is never mixed."""
    return [service for service in ALL if (service == CONTACTS) == contact]


def owner(contact: bool) -> Sequence[str]:
    return [CONTACTS if contact else OWNER]


person.command("export")(
    forwarded(["person", "export"], service_commands.export_person, holders, CONTACT)
)
person.command("erase")(
    forwarded(["person", "erase"], service_commands.erase_person, owner, CONTACT)
)


@person.command()
def rotate_keys() -> None:
    """Make a new master key, and wrap the keys of all people with it."""
    home, _ = running()
    home.add_master_key()
    raise typer.Exit(run_commands([OWNER, CONTACTS], "rotate-keys"))
