"""The commands of `matters`, a file for each user's errand; here they are gathered."""

from typing import Annotated

import typer

from registry import __version__
from registry.commands import closing, files, links, look, routes, running

app = typer.Typer(
    name="matters",
    help="政务服务事项登记库 · The matter registry of a city.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("serve")(running.serve)
app.command("migrate")(running.migrate)
app.command("load")(files.load)
app.command("export")(files.export)
app.command("check")(files.check)
app.command("route")(routes.show_route)
app.command("close")(closing.close)
app.command("reopen")(closing.reopen)
app.command("closures")(closing.closures)
app.add_typer(links.app, name="links")
app.command("search")(look.search)
app.command("show")(look.show)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"matters {__version__}")
        raise typer.Exit


@app.callback()
def matters(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · The version.")
    ] = False,
) -> None:
    """政务服务事项登记库 · The matter registry of a city."""
