"""The errors of the core; each message tells a person what happened and what to do.

Those that only a platform's poster raises, PostError and its kinds, are in bot.daily.poster.

QuoteBotError
 ├─ SettingsError       the environment or .env is not right
 ├─ EditionError        an edition cannot be read (file, line, what is wrong, what is expected)
 ├─ AlignmentError      an edition's words are not its raw text's words
 ├─ CorpusError         there is nothing to search
 │   └─ UnknownPersonaError   nobody of the name of PERSONA is a guest
 ├─ ThesaurusError      the thesaurus cannot be read
 ├─ ScheduleError       a time, a zone or weekdays cannot be understood
 ├─ PoolError           there is no daily quote to choose
 ├─ StoreError          the database cannot be used
 │   ├─ StoreAddressError     DATABASE_URL cannot be understood
 │   ├─ StoreUnreachableError it cannot be opened, reached or logged into
 │   ├─ StoreBusyError        somebody else has held it for too long
 │   ├─ StoreFullError        its disk is full
 │   ├─ StoreNewerError       a newer version of this program made it
 │   └─ StoreLostError        it will not serve this process any more
 │       ├─ StoreReadOnlyError    it may not be written to
 │       ├─ StoreDamagedError     it is no database, or a broken one
 │       └─ StoreWipedError       it went away, or lost its tables, while in use
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


class UnknownPersonaError(CorpusError):
    """Report a persona of whom the editions hold nothing."""


class QueryError(QuoteBotError):
    """Report a query that cannot be searched for."""


class UnknownEpisodeError(QuoteBotError):
    """Report an episode that is not in the corpus."""


class UnknownPassageError(QuoteBotError):
    """Report a passage that is not in the corpus, or not any more."""


class ThesaurusError(QuoteBotError):
    """Report a thesaurus that cannot be read."""


class ScheduleError(QuoteBotError):
    """Report a time, a zone or weekdays that cannot be understood."""


class PoolError(QuoteBotError):
    """Report that there is no quote to choose."""


class StoreError(QuoteBotError):
    """Report a database that cannot be used."""


class StoreAddressError(StoreError):
    """Report a DATABASE_URL that cannot be understood."""


class StoreUnreachableError(StoreError):
    """Report a database that cannot be opened, reached or logged into."""


class StoreBusyError(StoreError):
    """Report a database that somebody else has held for too long."""


class StoreFullError(StoreError):
    """Report a database whose disk is full."""


class StoreNewerError(StoreError):
    """Report a database that a newer version of this program made."""


class StoreLostError(StoreError):
    """Report a database that will not serve this process any more: to try again is no use, to start again may be."""


class StoreReadOnlyError(StoreLostError):
    """Report a database that may not be written to."""


class StoreDamagedError(StoreLostError):
    """Report a file that is no database, or a broken one."""


class StoreWipedError(StoreLostError):
    """Report a database that went away, or lost its tables, while in use."""
