"""`tocsin schema`: the JSON Schema that an editor completes and checks a procedure with."""

import click

from bots import door

__all__ = ["command"]


@door.command("schema")
def command(session: door.Session) -> int:
    """Print the schema of a procedure."""
    from engine.library.schema import schema_text

    click.echo(schema_text("runbook"), nl=False)
    return 0
