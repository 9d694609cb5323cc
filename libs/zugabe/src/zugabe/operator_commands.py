"""The commands of a service's operators, sent to the services of the running stack.

Words, help and checks are those of `SERVICE …`; what is added here says which services are meant.
"""

import inspect
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import Parameter
from typing import Annotated, Any

import typer
from typer.models import OptionInfo

from zugabe.commands import running
from zugabe.service_commands import run_commands, services_of
from zugabe.services import ALL
from zugabe_events.cli import commands as service_commands
from zugabe_events.cli.help import Commands

type Command = Callable[..., None]
type Services = Callable[..., Sequence[str]]
"""Called with the value of the parameter that is added, if there is one."""

SERVICE = Parameter(
    "service",
    Parameter.KEYWORD_ONLY,
    annotation=Annotated[str, typer.Argument(metavar="SERVICE", help=f"One of {', '.join(ALL)}.")],
)


def add_operator_commands(app: typer.Typer) -> None:
    for command in (
        service_commands.rebuild,
        service_commands.republish,
        service_commands.new_log,
    ):
        name = command.__name__.replace("_", "-")
        app.command(name)(forwarded([name], command, lambda service: [service], SERVICE))
    app.add_typer(of_any_service("read-models", service_commands.read_models), name="read-models")
    app.add_typer(
        of_any_service("dead-letters", service_commands.dead_letters), name="dead-letters"
    )


def of_any_service(name: str, group: typer.Typer) -> typer.Typer:
    """`NAME COMMAND` asks every service, `NAME SERVICE COMMAND` one of them."""
    of_all = forwarded_group([name], group, running_services)
    for service in ALL:
        of_all.add_typer(
            forwarded_group([name], group, lambda service=service: [service]),
            name=service,
            help=f"Only those of {service}.",
            rich_help_panel="Services",
        )
    return of_all


def running_services() -> Sequence[str]:
    _, status = running()
    return list(services_of(status))


def forwarded_group(path: Sequence[str], group: typer.Typer, services: Services) -> typer.Typer:
    sent = Commands(help=group.info.help, no_args_is_help=True)
    for info in group.registered_commands:
        assert info.name
        assert info.callback
        sent.command(info.name)(forwarded([*path, info.name], info.callback, services))
    return sent


def forwarded(
    path: Sequence[str], command: Command, services: Services, added: Parameter | None = None
) -> Command:
    """The command with the same words, run by each service; the exit code is the highest."""

    @wraps(command)
    def forward(ctx: typer.Context, **given: Any) -> None:
        value = [given.pop(added.name)] if added else []
        words = [*path, *words_of(command, given)]
        raise typer.Exit(run_commands(services(*value), *words))

    if added is not None:
        ctx, *parameters = inspect.signature(command).parameters.values()
        named = [
            parameter.replace(kind=Parameter.KEYWORD_ONLY)
            for parameter in (ctx, added, *parameters)
        ]
        forward.__dict__["__signature__"] = inspect.Signature(named)
        forward.__annotations__ = {**command.__annotations__, added.name: added.annotation}
    return forward


def words_of(command: Command, given: dict[str, Any]) -> list[str]:
    """The words that mean `given`: options first, then arguments."""
    options: list[str] = []
    arguments: list[str] = []
    for name, parameter in inspect.signature(command).parameters.items():
        value = given.get(name)
        if value is None or value is False:
            continue
        [declared] = parameter.annotation.__metadata__
        if isinstance(declared, OptionInfo):
            flag = declared.default if isinstance(declared.default, str) else f"--{name}"
            options.append(flag if value is True else f"{flag}={value}")
        else:
            arguments += value if isinstance(value, list) else [str(value)]
    return [*options, "--", *arguments]
