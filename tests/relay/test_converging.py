"""The chats follow the state, quietly, whatever the platforms do."""

from __future__ import annotations

from tests.relay.hall import hall


def test_a_declaration_is_shown_and_told_on_both() -> None:
    with hall() as town:
        town.binds()
        town.begins()
        town.declares()
        town.converges()
        for platform in town.platforms:
            group = f"G-{platform.surface}"
            board = platform.seen(group, "/overview")
            assert len(board) == 1
            assert board[0].pinned
            assert platform.seen(group, "/n:")
        for one in town.slack.messages + town.telegram.messages:
            print(one.place.chat, one.key, one.content and one.content.title)
