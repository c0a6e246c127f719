"""`tocsin run`: open an incident, or go on with one, and drive it in the terminal or from a pipe."""

import sys

from bots import door

__all__ = ["command"]


@door.command("run")
@door.argument("runbook", required=False)
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
@door.option("--title")
@door.option("--incident")
@door.option("--exercise", is_flag=True)
@door.option("--new", is_flag=True)
def command(
    session: door.Session,
    runbook: str | None,
    as_person: str | None,
    title: str | None,
    incident: str | None,
    exercise: bool,
    new: bool,
) -> int:
    """Talk at a prompt when there is a terminal, follow the lines of a pipe when there is none."""
    from bots.console.called import home_option
    from bots.console.doorway import incident_named, open_office, person_named, runbook_named
    from bots.console.running import Plan, by_pipe, in_terminal

    with open_office(session) as office:
        plan = Plan(
            person=person_named(office, as_person) if as_person else "",
            runbook=runbook_named(office, runbook) if runbook else "",
            incident=incident_named(office, incident).id if incident else "",
            title=title or "",
            exercise=exercise,
            new=new,
            home=home_option(session),
        )
        if sys.stdin.isatty() and sys.stdout.isatty():
            return in_terminal(office, plan)
        return by_pipe(office, plan, sys.stdin, sys.stdout)
