"""Raw texts with a legal edition of each, made word by word, for property tests of the alignment."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from bot.models import Correction, LeftOut
from bot.transcripts.alignment import Step

# docs/editions.md names the fillers and the longest repetition; the code is held to it.
FILLERS = frozenset({"um", "uh", "uhm", "erm", "er", "mm", "hmm", "mhm"})
FILLED = (*sorted(FILLERS), "[Music]")
LONGEST_REPETITION = 6
_SPACES = (" ", " ", " ", "\n", "\n\n", ", ", ". ", " — ", "\u00a0 ", "-", "… ")
_LETTERS = "abcdefghij"


def spell(number: int) -> str:
    """Make a word of letters that no other number gives, and that is no filler."""
    return "w" + "".join(_LETTERS[int(digit)] for digit in str(number))


@dataclass
class Script:
    """A raw text, the words of a legal edition of it, what is listed for it, and what must become of its words.

    `single` are the numbers of the edition's words that the raw text does not repeat.
    """

    raw: str = ""
    words: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    steps: Counter[Step] = field(default_factory=Counter)
    single: list[int] = field(default_factory=list)
    made: int = 0

    def fresh(self, count: int) -> list[str]:
        """Make words that are nowhere yet."""
        self.made += count
        return [spell(number) for number in range(self.made - count, self.made)]

    def write(self, words: list[str], spaces: list[str]) -> None:
        """Add words to the raw text, each with what follows it."""
        self.raw += "".join(word + space for word, space in zip(words, spaces, strict=True))

    def say(self, words: list[str], *, once: bool = True) -> None:
        """Add words to the edition."""
        if once:
            self.single += range(len(self.words), len(self.words) + len(words))
        self.words += words


@st.composite
def scripts(draw: Any, max_size: int = 12) -> Script:
    """Give a raw text and a legal edition of it; every word is unlike every other, but for what is said twice."""
    script = Script()
    for kind in draw(st.lists(st.sampled_from(list(_UNITS)), min_size=1, max_size=max_size)):
        _UNITS[kind](draw, script)
    return script


def _spaces(draw: Any, count: int) -> list[str]:
    spaces: list[str] = draw(st.lists(st.sampled_from(_SPACES), min_size=count, max_size=count))
    return spaces


def _kept(draw: Any, script: Script) -> None:
    words = script.fresh(draw(st.integers(1, 4)))
    shown = [draw(st.sampled_from([word, word.upper(), word.title()])) for word in words]
    script.write(shown, _spaces(draw, len(words)))
    script.say(words)
    script.steps[Step.KEPT] += len(words)


def _filler(draw: Any, script: Script) -> None:
    script.write([draw(st.sampled_from(FILLED))], [" "])


def _repetition(draw: Any, script: Script) -> None:
    words = script.fresh(draw(st.integers(1, LONGEST_REPETITION)))
    for _ in range(times := draw(st.integers(2, 3))):
        if draw(st.booleans()):
            _filler(draw, script)
        script.write(words, _spaces(draw, len(words)))
    script.say(words, once=False)
    script.steps[Step.KEPT] += len(words)
    script.steps[Step.REPETITION] += len(words) * (times - 1)


def _correction(draw: Any, script: Script) -> None:
    raw, said = (script.fresh(draw(st.integers(1, 3))) for _ in range(2))
    place = draw(st.sampled_from([None, len(script.raw)]))
    script.corrections.append(Correction(" ".join(raw), " ".join(said).title(), "misheard", place))
    script.write(raw, _spaces(draw, len(raw)))
    script.say(said)
    script.steps[Step.CORRECTED] += len(raw)


def _left_out(draw: Any, script: Script) -> None:
    words = script.fresh(draw(st.integers(1, 8)))
    place = draw(st.sampled_from([None, len(script.raw)]))
    script.left_out.append(LeftOut("stray", None, " ".join(words), place))
    script.write(words, _spaces(draw, len(words)))
    script.steps[Step.LEFT_OUT] += len(words)


def _lines(draw: Any, script: Script) -> None:
    words = script.fresh(draw(st.integers(1, 3)))
    script.raw += "\n"
    first = script.raw.count("\n") + 1
    script.raw += "\n".join(words) + "\n"
    script.left_out.append(LeftOut("page", (first, first + len(words) - 1)))
    script.steps[Step.LEFT_OUT] += len(words)


_UNITS = {
    "kept": _kept,
    "filler": _filler,
    "repetition": _repetition,
    "correction": _correction,
    "left out": _left_out,
    "lines": _lines,
}
