"""Commands for operators of a service: one tree for `SERVICE …` and `zugabe …`.

`SERVICE` carries a command out in its own process; `zugabe` passes it on to services of the running
stack. That is why this module imports nothing of what the commands do.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from zugabe_events.cli.help import Commands

if TYPE_CHECKING:
    from zugabe_events.cli.operator import Operator

Models = Annotated[
    list[str] | None,
    typer.Argument(metavar="MODEL", help="Names of read models; all of them by default."),
]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="The read model's name.")]
Build = Annotated[
    str,
    typer.Argument(
        metavar="BUILD", help="As `list` names it: `v1.2`, or `2` of the current version."
    ),
]
Letter = Annotated[
    UUID, typer.Argument(metavar="LETTER", help="The dead letter's id, as `list` shows it.")
]
Reason = Annotated[str, typer.Option(help="Why; it stays on record.")]
Tenant = Annotated[
    str,
    typer.Argument(
        metavar="TENANT", help="The dealer; for a contact the partner, for a manager `central`."
    ),
]
User = Annotated[str, typer.Argument(metavar="USER", help="The person's user id.")]

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]

commands = Commands()
read_models = Commands(
    help="List the builds of read models, switch between them, remove or verify them.",
    no_args_is_help=True,
)
dead_letters = Commands(
    help="List the events that could not be handled, show, redrive or skip them.",
    no_args_is_help=True,
)
person = Commands(
    help="Export or erase everything that is stored about a person.", no_args_is_help=True
)


def carry_out(ctx: typer.Context, work: "Callable[[Operator], bool]") -> None:
    """Exit with 1 if the work failed or an argument names something that does not exist."""
    operator: Operator = ctx.obj
    try:
        done = work(operator)
    except LookupError as error:
        sys.exit(f"{operator.service.name}: {error}")
    if not done:
        raise typer.Exit(1)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something that cannot be taken back; exit with 1 unless the answer is yes."""
    if yes:
        return
    if not sys.stdin.isatty():
        sys.exit(f"{question} Say --yes: there is nobody to ask.")
    typer.confirm(question, abort=True)


@commands.command()
def rebuild(
    ctx: typer.Context,
    models: Models = None,
    new: Annotated[
        bool, typer.Option("--new", help="Only read models whose version has never served.")
    ] = False,
) -> None:
    """Rebuild read models from the log beside the live ones, compare, and switch to them."""
    carry_out(ctx, lambda operator: operator.rebuild(models or (), new=new))


@commands.command()
def verify(ctx: typer.Context, models: Models = None) -> None:
    """Compare read models with a fold of the log; without a MODEL also the stored snapshots."""
    carry_out(ctx, lambda operator: operator.verify(models or ()))


@commands.command()
def republish(
    ctx: typer.Context,
    part: Annotated[int, typer.Option(help="The part of the log.")],
    first: Annotated[
        int, typer.Option("--from", metavar="POS", help="The first position to send.")
    ],
) -> None:
    """Send a part of the log to Kafka again, from a position to its head."""
    carry_out(ctx, lambda operator: operator.republish(part, first))


@commands.command()
def new_log(
    ctx: typer.Context,
    yes: Yes = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also if the topic has nothing that the log lacks.")
    ] = False,
) -> None:
    """Continue a restored log that is older than its topic under a new id.

    Its service and sequencers must be stopped. Events that only the topic has are
    lost to the service; they are listed.
    """
    confirm("Continue the log under a new id?", yes=yes)
    carry_out(ctx, lambda operator: operator.new_log(force=force))


@commands.command()
def rotate_keys(ctx: typer.Context) -> None:
    """Wrap the keys of all people with the newest master key."""
    carry_out(ctx, lambda operator: operator.rotate_keys())


@read_models.command("list")
def list_builds(ctx: typer.Context) -> None:
    """List all builds with their status, documents, events, and how far they are behind."""
    carry_out(ctx, lambda operator: operator.list_builds())


@read_models.command("switch")
def switch_build(ctx: typer.Context, model: Model, build: Build) -> None:
    """Bring a build up to date and let it serve."""
    carry_out(ctx, lambda operator: operator.switch_build(model, build))


@read_models.command("remove")
def remove_build(ctx: typer.Context, model: Model, build: Build, yes: Yes = False) -> None:
    """Drop a build that does not serve."""
    confirm(f"Drop the build {build} of {model}?", yes=yes)
    carry_out(ctx, lambda operator: operator.remove_build(model, build))


@read_models.command("verify")
def verify_builds(ctx: typer.Context, models: Models = None) -> None:
    """Compare the builds that serve with a fold of the log."""
    carry_out(ctx, lambda operator: operator.verify_builds(models or ()))


@dead_letters.command("list")
def list_letters(
    ctx: typer.Context,
    consumer: Annotated[str | None, typer.Option(help="Only the letters of this consumer.")] = None,
) -> None:
    """List dead letters, the longest parked first."""
    carry_out(ctx, lambda operator: operator.list_letters(consumer))


@dead_letters.command("show")
def show_letter(ctx: typer.Context, letter: Letter) -> None:
    """Show one dead letter with its error and everything done with it so far."""
    carry_out(ctx, lambda operator: operator.show_letter(letter))


@dead_letters.command("redrive")
def redrive_letters(
    ctx: typer.Context,
    reason: Reason,
    letter: Annotated[
        UUID | None,
        typer.Argument(metavar="LETTER", help="Redrive the letters of this one's key, in order."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Redrive all letters.")] = False,
    consumer: Annotated[
        str | None, typer.Option(help="With --all: only the letters of this consumer.")
    ] = None,
) -> None:
    """Let the running service handle dead letters again."""
    if (letter is None) is not every:
        raise typer.BadParameter("name either a letter or --all")
    carry_out(ctx, lambda operator: operator.redrive(letter, consumer, reason))


@dead_letters.command("skip")
def skip_letter(ctx: typer.Context, letter: Letter, reason: Reason, yes: Yes = False) -> None:
    """Remove a dead letter without handling it."""
    confirm(f"Never handle the event of {letter}?", yes=yes)
    carry_out(ctx, lambda operator: operator.skip_letter(letter, reason))


@person.command("export")
def export_person(
    ctx: typer.Context,
    tenant: Tenant,
    user: User,
    reason: Reason,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Include data whose use is restricted.")
    ] = False,
) -> None:
    """Print everything that is stored about a person, as JSON."""
    carry_out(
        ctx, lambda operator: operator.export_person(tenant, user, reason, restricted=restricted)
    )


@person.command("erase")
def erase_person(
    ctx: typer.Context, tenant: Tenant, user: User, reason: Reason, yes: Yes = False
) -> None:
    """Erase a person's data, or restrict its use for as long as the law requires it to be kept."""
    confirm(f"Erase the data of {user} at {tenant}?", yes=yes)
    carry_out(ctx, lambda operator: operator.erase_person(tenant, user, reason))


commands.add_typer(read_models, name="read-models")
commands.add_typer(dead_letters, name="dead-letters")
commands.add_typer(person, name="person")
