"""From the state to what chats should read: pure functions of an incident, its world, the house, the hour, the words.

What comes out are `Wanted`s; the relay (`bots.relay`) makes the platforms equal to them. The first line of a message
is its title, always. `*_content` are the same cards for whoever asks (`bots.chat.room`).
"""

from bots.chat.faces.approvals import sign_content
from bots.chat.faces.board import group_wanted, overview_content
from bots.chat.faces.calls import cell_content
from bots.chat.faces.declaring import declare_content
from bots.chat.faces.directing import steps_content
from bots.chat.faces.notices import notices
from bots.chat.faces.now import now_content, private_wanted, retired, step_content
from bots.chat.faces.speaking import people, speaks_on
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import GROUP, View, Wanted
from bots.chat.faces.watch import affected, next_change

__all__ = [
    "GROUP", "View", "Wanted", "affected", "cell_content", "declare_content", "group_wanted", "next_change",
    "notices", "now_content", "overview_content", "people", "private_wanted", "retired", "sign_content",
    "speaks_on", "step_content", "steps_content", "suspect_content",
]  # fmt: skip
