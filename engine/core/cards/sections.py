"""The lines about clocks, the cell and tasks: short in the overview, whole on cards of their own."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.cards.scene import Scene
from engine.core.cards.touched import CELL, CLOCKS, TASKS
from engine.core.cards.values import At, Button, Card, Named, Phrase, Row, Section
from engine.core.commands import CallRoll, FinishTask, MarkPresence
from engine.core.directory import DIRECTOR
from engine.core.incident import Clock, Task
from engine.core.owed import is_owed
from engine.core.permissions import holders
from engine.core.specs import ClockSpec

__all__ = [
    "cell", "cell_card", "clocks", "clocks_card", "needed_roles", "tasks",
    "tasks_card",
]  # fmt: skip


# Clocks


def clocks(scene: Scene, *, brief: bool = False) -> Section | None:
    """The law's delays, nearest first. In brief, only those that run."""
    found = [one for one in scene.incident.clocks.values() if not brief or one.status == "running"]
    found.sort(key=lambda one: (one.status != "running", one.due or one.start))
    dated = [one for one in found if one.due] if brief else found
    rows = [_clock(scene, one, brief=brief) for one in dated]
    if brief:
        rows += _undated(scene, [one for one in found if not one.due])
    return Section(name="clocks", rows=tuple(rows)) if rows else None


def _undated(scene: Scene, found: list[Clock]) -> Iterator[Row]:
    """What is due at once, and what has a date that nobody can compute: a line each."""
    for key, varies in (("clock.all_at_once", False), ("clock.all_varying", True)):
        names = [clock_title(scene, one) for one in found if bool(_varies(scene, one)) is varies]
        if names:
            yield Row(label=Phrase(key, {"clocks": ", ".join(names)}), sign="clock")


def _pinned(scene: Scene, clock: Clock) -> ClockSpec | None:
    """A clock as the procedure that started it had it."""
    run = scene.incident.runs.get(clock.run)
    pinned = scene.definition(run).clocks.get(clock.id) if run else None
    return pinned or scene.world.clocks.get(clock.id)


def _varies(scene: Scene, clock: Clock) -> str:
    """What the law says instead of a delay, in its own words; empty when it says at once."""
    spec = _pinned(scene, clock)
    return (spec.varies or "") if spec and not spec.immediate else ""


def clock_title(scene: Scene, clock: Clock) -> str:
    """The name of a clock."""
    spec = _pinned(scene, clock)
    return spec.title if spec else clock.id


def _clock(scene: Scene, clock: Clock, *, brief: bool) -> Row:
    spec = scene.world.clocks.get(clock.id)
    varies = _varies(scene, clock) if clock.status == "running" and not clock.due else ""
    told = [Phrase("clock.varies", {"text": varies}) if varies else _clock_state(clock)]
    if spec is not None and clock.status == "running":
        if spec.certainty in ("a_confirmer", "memoire"):
            told.append(Phrase("clock.to_confirm"))
        if not brief and spec.recipient:
            told.append(Phrase("clock.recipient", {"recipient": spec.recipient}))
    if not brief:
        told.append(Phrase("clock.since", {"at": At(clock.start)}))
    sign = {"running": "clock", "suspended": "waiting", "stopped": "done"}[clock.status]
    return Row(
        label=clock_title(scene, clock),
        told=tuple(told),
        sign="late" if _breached(clock) else sign,
        id=clock.id,
    )


def _breached(clock: Clock) -> bool:
    return clock.breached and clock.status == "running"


def _clock_state(clock: Clock) -> Phrase:
    match clock.status:
        case "stopped":
            return Phrase("clock.stopped", {"at": At(clock.stopped_at)})
        case "suspended":
            return Phrase("clock.suspended")
        case _ if not clock.due:
            return Phrase("clock.at_once")
        case _ if clock.breached:
            return Phrase("clock.breached", {"at": At(clock.due)})
        case _:
            return Phrase("clock.before", {"at": At(clock.due)})


def clocks_card(scene: Scene) -> Card:
    """Every clock of the incident, those that were stopped too."""
    section = clocks(scene) or Section(name="clocks", rows=())
    marks = [one.due for one in scene.incident.clocks.values() if one.due > scene.now]
    return Card(key=CLOCKS, blocks=(section,), next_change=min(marks, default=0))


# The cell


def needed_roles(scene: Scene) -> tuple[str, ...]:
    """The director, then the roles that the open runs name, in their order."""
    named = (role for run in scene.incident.open_runs for role in scene.definition(run).runbook.roles)
    return tuple(dict.fromkeys((DIRECTOR, *named)))


def cell(scene: Scene, *, brief: bool = False) -> Section:
    """The roles that are needed now, who holds each, and whether they answered."""
    posts = [_post(scene, role) for role in needed_roles(scene)]
    return Section(name="cell", rows=tuple(_by_presence(scene, posts)) if brief else tuple(posts))


def _by_presence(scene: Scene, posts: list[Row]) -> Iterator[Row]:
    """In brief: who is here, who comes, who is silent, who is away; then the roles that nobody holds."""
    signs = {row.person: row.sign for row in posts if row.person}
    for sign, key in (("done", "here"), ("coming", "on_the_way"), ("unknown", "silent"), ("absent", "away")):
        named = scene.name if sign != "unknown" else scene.name_and_phone  # a silent one is to be called
        people = ", ".join(named(person) for person, one in signs.items() if one == sign)
        if people:
            yield Row(label=Phrase(f"cell.{key}", {"people": people}), sign=sign)
    yield from (row for row in posts if not row.person)


def _post(scene: Scene, role: str) -> Row:
    people = holders(role, scene.incident, scene.world.directory)
    person = people[0] if people else scene.first_for((role,))
    if not person:
        return Row(label=Named("role", role), told=(Phrase("cell.nobody"),), sign="late", id=role)
    presence = scene.incident.presence.get(person, "")
    told = [Phrase("cell.person" if people else "cell.substitute", {"person": scene.name(person)})]
    if scene.phone(person):
        told.append(Phrase("cell.phone", {"phone": scene.phone(person)}))
    called = scene.incident.calls.get(person)
    if presence:
        told.append(Phrase(f"cell.{presence}"))
    elif called:
        told.append(Phrase("cell.called", {"at": At(called[0])}))
    signs = {"present": "done", "coming": "coming", "unavailable": "absent"}
    sign = signs.get(presence, "unknown")
    return Row(label=Named("role", role), told=tuple(told), sign=sign, id=role, person=person)


def cell_card(scene: Scene) -> Card:
    """The call chain: who to call, in order, and who answered."""
    people = {row.id: row for row in cell(scene).rows}
    present = sum(row.sign in ("done", "coming") for row in people.values())
    counted = Row(label=Phrase("cell.count", {"present": present, "all": len(people)}), sign="call")
    buttons = (Button(name="rollcall", label=Phrase("button.rollcall"), command=CallRoll()),)
    return Card(
        key=CELL,
        blocks=(Section(name="cell", rows=(counted, *people.values())),),
        buttons=buttons if scene.incident.status == "open" else (),
    )


def presence_buttons(scene: Scene, person: str) -> tuple[Button, ...]:
    """What somebody who is called may answer."""
    return tuple(
        Button(
            name=status,
            label=Phrase(f"button.{status}"),
            command=MarkPresence(person=person, status=status),
        )
        for status in ("present", "coming", "unavailable")
    )


# Tasks


def tasks(scene: Scene, *, of: str = "") -> Section | None:
    """What is still to be done, nearest first; of one person, or of everybody."""
    found = [
        one
        for one in scene.incident.tasks.values()
        if is_owed(one, scene.incident, scene.world) and (not of or _is_of(scene, one, of))
    ]
    found.sort(key=lambda one: (one.due or scene.now * 2, one.id))
    return Section(name="tasks", rows=tuple(_task(scene, one) for one in found)) if found else None


def _is_of(scene: Scene, task: Task, person: str) -> bool:
    return task.who == person or (
        not task.who and bool(task.role) and scene.first_for((task.role,)) == person
    )


def _task(scene: Scene, task: Task) -> Row:
    told: list[Phrase] = []
    if task.who:
        told.append(Phrase("task.for", {"person": scene.name(task.who)}))
    elif task.role:
        told.append(Phrase("task.role", {"role": Named("role", task.role)}))
    late = bool(task.due) and task.due <= scene.now
    if task.due:
        told.append(Phrase("task.late" if late else "task.before", {"at": At(task.due)}))
    return Row(
        label=task_text(scene, task), told=tuple(told), sign="late" if late else "box", id=str(task.id)
    )


def task_text(scene: Scene, task: Task) -> str | Phrase:
    """What is asked: as written, as the common duty says, or a question that a false alarm leaves."""
    duty = scene.world.duties.get(task.duty)
    if not task.text and duty is not None:
        return duty.title
    for prefix, key in (("check-run-", "task.check_run"), ("check-clock-", "task.check_clock")):
        if not task.text and task.duty.startswith(prefix):
            name = task.duty.removeprefix(prefix)
            return Phrase(key, {"name": _checked(scene, prefix, name)})
    return task.text


def _checked(scene: Scene, prefix: str, name: str) -> str:
    if prefix == "check-run-" and name.isdigit() and (run := scene.incident.runs.get(int(name))):
        return scene.definition(run).runbook.title
    clock = scene.incident.clocks.get(name)
    return clock_title(scene, clock) if clock else name


def tasks_card(scene: Scene) -> Card:
    """Every task that is not done, each with its button."""
    section = tasks(scene) or Section(name="tasks", rows=())
    buttons = tuple(
        Button(
            name=f"task:{row.id}",
            label=Phrase("button.finish", {"number": row.id}),
            command=FinishTask(task=int(row.id)),
        )
        for row in section.rows
    )
    marks = [one.due for one in scene.incident.tasks.values() if one.done is None and one.due > scene.now]
    return Card(key=TASKS, blocks=(section,), buttons=buttons, next_change=min(marks, default=0))
