"""The editions of a folder, each traced, timed and cut; a bad one is reported and the others load."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import CorpusError, EditionError
from bot.models import Edition, Episode, Passage
from bot.transcripts.alignment import Alignment
from bot.transcripts.edition import parse_edition
from bot.transcripts.passages import cut_passages
from bot.transcripts.timing import Timeline, build_timeline, check_times
from bot.transcripts.tracing import trace_edition


@dataclass(frozen=True, slots=True)
class LoadedEdition:
    """An edition with all that is derived from it."""

    edition: Edition
    alignment: Alignment | None
    timeline: Timeline
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder of editions holds, and what is wrong in it."""

    editions: tuple[LoadedEdition, ...]
    faults: tuple[EditionError, ...] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, edition by edition."""
        return tuple(passage for loaded in self.editions for passage in loaded.passages)

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """The episodes, newest first; several editions of one are one episode."""
        episodes = {loaded.edition.episode.id: loaded.edition.episode for loaded in self.editions}
        return tuple(sorted(episodes.values(), key=lambda episode: episode.published, reverse=True))


def load_library(folder: Path) -> Library:
    """Load every *.md of a folder.

    Raises CorpusError where the folder is missing or holds no edition that can be read.
    """
    if not folder.is_dir():
        raise CorpusError(f"There is no folder {folder}. Set EPISODES_DIR to the folder that holds your editions.")
    loaded: list[LoadedEdition] = []
    faults: list[EditionError] = []
    for path in sorted(folder.glob("*.md")):
        try:
            edition = load_edition(path)
            _check_names(edition, [other.edition for other in loaded])
            loaded.append(edition)
        except EditionError as fault:
            faults.append(fault)
    if not loaded:
        reasons = "".join(f"\n{fault}" for fault in faults) or " It has no *.md files."
        raise CorpusError(f"No edition in {folder} can be used.{reasons}")
    return Library(tuple(loaded), tuple(faults))


def load_edition(path: Path) -> LoadedEdition:
    """Read, trace, time and cut one edition. Raises EditionError."""
    edition = parse_edition(_read(path, str(path)), str(path))
    check_times(edition)
    alignment = None
    if edition.source:
        raw = _read(path.parent.parent / edition.source, str(path))
        alignment = trace_edition(edition, raw)
    timeline = build_timeline(edition)
    return LoadedEdition(edition, alignment, timeline, cut_passages(edition, timeline, alignment))


def _read(path: Path, named: str) -> str:
    try:
        return path.read_bytes().decode()  # not read_text: it makes one character of \r\n, and offsets count both
    except UnicodeDecodeError as error:
        raise EditionError(named, 1, f"{path.name} is not UTF-8 (byte {error.start})", "UTF-8 text") from None
    except OSError as error:
        raise EditionError(named, 1, f"{path} cannot be read ({error.strerror})", "a readable file") from None


def _check_names(loaded: LoadedEdition, others: list[Edition]) -> None:
    """Refuse an edition whose id is taken, or whose episode is told differently elsewhere."""
    edition = loaded.edition
    for other in others:
        if other.id == edition.id:
            raise EditionError(edition.path, 2, f"the id {edition.id!r} is that of {other.path}", "an id of its own")
        if other.episode.id == edition.episode.id and other.episode != edition.episode:
            wrong = f"episode {edition.episode.id!r} is told differently in {other.path}"
            raise EditionError(edition.path, 2, wrong, "the same title, show, names, date, length and url")
