"""The commands of `matters`, a file for each user's errand; here they are gathered.

A command brings along only what it needs: a server need not wait for what reads workbooks.
"""

from importlib import import_module
from typing import Annotated

import typer

from registry import __version__

# name: (module, function); the order is that of the help.
COMMANDS = {
    "serve": ("running", "serve"),
    "migrate": ("running", "migrate"),
    "load": ("files", "load"),
    "export": ("files", "export"),
    "check": ("files", "check"),
    "search": ("look", "search"),
    "show": ("look", "show"),
    "route": ("routes", "show_route"),
    "close": ("closing", "close"),
    "reopen": ("closing", "reopen"),
    "closures": ("closing", "closures"),
    "grant": ("granting", "grant"),
    "grants": ("granting", "grants"),
    "revoke": ("granting", "revoke"),
}
GROUPS = {
    "cases": "cases",
    "volumes": "volumes",
    "bundle": "bundle",
    "rates": "rates",
    "offer": "offers",
    "links": "links",
    "audit": "audit",
    "webhook": "webhooks",
}


def app_for(wanted: str | None) -> typer.Typer:
    """The command line with the command that is wanted; with all of them if it is none of them."""
    known = wanted in COMMANDS or wanted in GROUPS
    app = typer.Typer(
        name="matters",
        help="政务服务事项登记库 · The matter registry of a city.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(matters)
    for name, (module, function) in COMMANDS.items():
        if not known or name == wanted:
            app.command(name)(getattr(import_module(f"registry.commands.{module}"), function))
    for name, module in GROUPS.items():
        if not known or name == wanted:
            app.add_typer(import_module(f"registry.commands.{module}").app, name=name)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"matters {__version__}")
        raise typer.Exit


def matters(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · The version.")
    ] = False,
) -> None:
    """政务服务事项登记库 · The matter registry of a city."""
