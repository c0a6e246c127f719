"""The names that a question at the prompt needs: of what would be done, of what is asked."""

from __future__ import annotations

from bots.lines import choices_of
from engine.core import commands as c
from engine.core.cards import Scene
from engine.core.cards.values import Answer
from engine.core.incident import Run
from engine.speech import Speech

__all__ = ["asked", "named"]


def named(scene: Scene, command: c.Command) -> dict[str, str]:
    """What a command would touch, in the words that people read."""
    match command:
        case c.PickOutcome():
            return _step(scene, command.run, command.track, command.step, command.outcome)
        case c.Approve():
            one = scene.incident.approvals[command.approval]
            return _step(scene, one.run, one.track, one.step, one.outcome)
        case c.AbandonRun():
            run = scene.incident.runs.get(command.run)
            return {"runbook": scene.definition(run).runbook.title if run else str(command.run)}
        case c.OpenRunbook(runbook=runbook):
            digest = scene.world.shelf.current(runbook)
            title = scene.world.shelf.definition(digest).runbook.title if digest else runbook
            return {"runbook": title}
        case c.Erase():
            return {"entries": ", ".join(map(str, command.entries))}
        case c.TakeVacantRoles():
            return {"people": ", ".join(map(scene.name, command.people))}
        case _:
            return {}


def _step(scene: Scene, run: int, track: str, step: str, outcome: str) -> dict[str, str]:
    definition = scene.definition(scene.incident.runs[run])
    written = definition.step(track, step)
    label = written.outcomes[outcome].label if outcome in written.outcomes else outcome
    return {"track": definition.runbook.tracks[track].title, "step": written.title, "outcome": label}


def asked(
    scene: Scene, speech: Speech, name: str, run: int = 0, *, numbered: bool = False
) -> tuple[str, str]:
    """A question, and what would do as an answer; with numbers, where nothing else on the screen has any."""
    runs: list[Run] = [one for one in scene.incident.open_runs if run in (0, one.id)]
    specs = (scene.definition(one).facts.get(name) for one in runs)
    spec = next((one for one in specs if one is not None), None)
    if spec is None:
        return name, ""
    if numbered and spec.choices:
        return spec.label, ", ".join(f"{n} {label}" for n, label in enumerate(spec.choices.values(), 1))
    answer = Answer(fact=name, label=spec.label, kind=spec.type, choices=tuple(spec.choices.items()))
    return spec.label, choices_of(answer, speech)
