"""`matters bundle`: edit, see what it would do, review, publish, go back. Each command is in the file of its errand."""

import typer

from registry.commands import bundle_impact, drafts, past, publications

app = typer.Typer(help="编辑和发布一件事 · Edit and publish bundles.", no_args_is_help=True)

for command in (
    drafts.edit, drafts.diff, bundle_impact.impact, publications.submit, publications.approve, publications.ask_changes,
    publications.publish, publications.release, publications.undo, publications.revert, past.history,
    drafts.drafts, drafts.rebase, drafts.discard, publications.schedules, publications.cancel, publications.due,
):  # fmt: skip
    app.command()(command)
