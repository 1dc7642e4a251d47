"""A board of a rack, from no power to a message that is accepted: pytest with labgrid's plugin (docs/labgrid.md)."""

import pytest


@pytest.fixture
def board(target):
    """The driver of a board that is registered."""
    strategy = target.get_driver("MmsStrategy")
    strategy.transition("off")
    strategy.transition("registered")
    return strategy.board


def test_a_text_to_itself_arrives(board):
    number = board.ask("settings", 10)["settings"]["number"]
    id = board.ask("sms", 10, to=number, text="hello")["id"]
    board.seen("confirmed", 60, id=id)
    assert board.seen("text", 60)["text"] == "hello"
