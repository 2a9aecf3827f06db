"""Commands that are loaded when they are called, and whose line of help is known before."""

import importlib
from collections.abc import Mapping
from typing import NamedTuple

import click

_INDENTED = 6


class Lazy(NamedTuple):
    """A command: the module that has it, under which name, and what it says of itself in a list."""

    module: str
    help: str
    name: str = "command"
    is_hidden: bool = False

    def load(self) -> click.Command:
        """Raise `TypeError` where it is no command."""
        command = getattr(importlib.import_module(self.module), self.name)
        if not isinstance(command, click.Command):
            raise TypeError(self.module)
        return command


class LazyGroup(click.Group):
    """A group with commands that none pays for but who calls them."""

    lazy: Mapping[str, Lazy]

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted([*self.lazy, *self.commands])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self.lazy.get(cmd_name)
        return found.load() if found else super().get_command(ctx, cmd_name)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        room = formatter.width - _INDENTED - max(map(len, [*self.lazy, *self.commands]))
        told = {name: command.get_short_help_str(room) for name, command in self.commands.items()}
        for name, lazy in self.lazy.items():
            if not lazy.is_hidden:
                told[name] = click.Command(name, help=lazy.help).get_short_help_str(room)
        with formatter.section("Commands"):
            formatter.write_dl(sorted(told.items()))
