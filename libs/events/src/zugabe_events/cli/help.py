"""Command lines whose help is for people: no names of Python's types, and a version to ask for."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandFunctionType

from zugabe_events.domain.release import version_of

PLACEHOLDERS: Mapping[str, str] = {
    "str": "TEXT",
    "int": "NUMBER",
    "float": "NUMBER",
    "UUID": "ID",
    "Path": "PATH",
}
"""Shown in place of a type; a flag, which is a `bool`, has no value to show."""


def placeholder(shown: Callable[..., str], ctx: Any) -> str | None:
    label = shown(ctx).removeprefix("<").removesuffix(">")
    if label == "bool":
        return None
    one = label.removeprefix("list[").removesuffix("]").removesuffix(" range")
    return PLACEHOLDERS.get(one, one) + ("..." if one != label else "")


def in_plain_words(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        parameter.display_type = partial(
            placeholder, type(parameter).display_type.__get__(parameter)
        )
    return parameters


class PlainCommand(TyperCommand):
    def get_params(self, ctx: Any) -> list[Any]:
        return in_plain_words(super().get_params(ctx))


class PlainGroup(TyperGroup):
    def get_params(self, ctx: Any) -> list[Any]:
        return in_plain_words(super().get_params(ctx))


class Commands(typer.Typer):
    """A command line, or a group of commands within one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=PlainGroup, **options)

    def command(
        self, name: str | None = None, **options: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        return super().command(name, cls=PlainCommand, **options)


def show_version(ctx: typer.Context, wanted: bool) -> None:
    if wanted:
        program = ctx.find_root().info_name or ""
        typer.echo(f"{program} {version_of(program)}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=show_version, is_eager=True, help="Show the version."),
]
