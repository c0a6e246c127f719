"""From the state to what chats should read: pure functions of an incident, its world, the house, the hour, the words.

What comes out are `Wanted`s; the relay (`bots.relay`) makes the platforms equal to them.

    group_wanted(view) -> tuple[Wanted, ...]              the overview, the requests for signatures
    private_wanted(view, person) -> tuple[Wanted, ...]    "Et maintenant ?", the call chain
    notices(view, entries) -> tuple[Wanted, ...]          once each; in the group, or to one person
    retired(view, key, afresh, person) -> Content         what becomes of a message that is posted anew elsewhere
    affected(keys, incident_id) -> frozenset[str]         which `Wanted.key`s follow `engine.core.cards.touched`
    next_change(view) -> Instant                          when something reads otherwise though nothing happens; 0 never
    people(view) -> tuple[str, ...]                       who has something of their own to see
    speaks_on(person, view) -> tuple[str, ...]            on which platforms, the preferred one first
"""

from bots.chat.faces.wanted import GROUP, View, Wanted

__all__ = ["GROUP", "View", "Wanted"]
