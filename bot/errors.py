"""Every error of the project; each message tells a person what happened and what to do.

QuoteBotError
 ├─ SettingsError       the environment or .env is not right
 ├─ EditionError        an edition cannot be read (file, line, what is wrong, what is expected)
 ├─ AlignmentError      an edition's words are not its raw text's words
 ├─ CorpusError         there is nothing to search
 ├─ QueryError          a query cannot be searched for
 ├─ UnknownEpisodeError no episode goes by that name
 └─ UnknownPassageError no passage has that id (any more)
"""

from __future__ import annotations


class QuoteBotError(Exception):
    """Be the root of what this project raises on purpose."""


class SettingsError(QuoteBotError):
    """Report settings that cannot be used."""


class EditionError(QuoteBotError):
    """Report a fault in an edition, with the place and what is expected there."""

    def __init__(self, path: str, line: int, wrong: str, expected: str) -> None:
        super().__init__(f"{path}:{line}: {wrong}; expected {expected}")
        self.path, self.line, self.wrong, self.expected = path, line, wrong, expected


class AlignmentError(EditionError):
    """Report where an edition's words leave those of its raw text."""


class CorpusError(QuoteBotError):
    """Report that there are no episodes to search."""


class QueryError(QuoteBotError):
    """Report a query that cannot be searched for."""


class UnknownEpisodeError(QuoteBotError):
    """Report an episode that is not in the corpus."""


class UnknownPassageError(QuoteBotError):
    """Report a passage that is not in the corpus, or not any more."""
