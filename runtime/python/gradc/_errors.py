"""What can go wrong, as exceptions."""

from typing import NamedTuple, Optional


class Message(NamedTuple):
    """A message about a model; lines and columns count from 1, None where it is about no place."""

    text: str
    file: Optional[str]
    line: Optional[int]
    column: Optional[int]
    is_note: bool  # it belongs to the error before it
    rendered: str  # with the line of the model and a caret under the place


class Error(Exception):
    """`message` says what is wrong, `file`, `line` and `column` where in the model, or are None."""

    def __init__(self, message, file=None, line=None, column=None):
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column


class ModelError(Error):
    """The model is wrong. message, file, line and column are those of the first error; `messages`
    has all of them, and as a text they read as the command gradc prints them."""

    def __init__(self, messages, rendered):
        first = messages[0]
        super().__init__(first.text, first.file, first.line, first.column)
        self.messages = messages
        self.rendered = rendered

    def __str__(self):
        return self.rendered

    def __reduce__(self):
        return (ModelError, (self.messages, self.rendered))


class ArgumentError(Error, ValueError):
    """What a function was called with does not fit: names, shapes, types."""


class BoundsError(Error, IndexError):
    """An index that is known only at run time is out of range."""
