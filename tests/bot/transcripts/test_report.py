from __future__ import annotations

from pathlib import Path

from bot.models import Kind
from bot.transcripts.alignment import Step
from bot.transcripts.library import Library, load_edition
from bot.transcripts.report import LONG, Report, count_words, report_on
from tests.editions import to_edition, to_summary, write_edition

BODY = """## [0:00] A

**Anna Host:** Why is that so, then?

[0:09] **Ilya Sutskever:** It is. I met Bob [?] there.
<!-- topics: reasons; Bob -->

And so on it goes.
<!-- topics: reasons -->

**?:** Quite sure of it.

**Advert:** Buy it now."""
RAW = "why is that so then it is um i met bop there and so on it goes goes quite sure of it buy it now"


def report(folder: Path, body: str, raw: str | None = None, **fields: str | None) -> Report:
    """Report on an edition with this body."""
    return report_on(load_edition(write_edition(folder, body, raw, **fields)))


def test_a_report_counts_what_an_edition_holds(tmp_path: Path) -> None:
    found = report(tmp_path, BODY, RAW, corrections="[{raw: bop, said: Bob, why: name}]")
    assert (found.edition, found.kind, found.turns) == ("show-1", Kind.TRANSCRIPT, 4)
    assert found.words == {"Anna Host": 5, "Ilya Sutskever": 11, "?": 4, "Advert": 3}
    assert (found.corrections, found.anchors, found.topics) == (1, 2, 2)
    assert found.steps == {Step.KEPT: 22, Step.CORRECTED: 1, Step.FILLER: 1, Step.REPETITION: 1}


def test_the_doubtful_share_counts_doubtful_turns_and_sentences(tmp_path: Path) -> None:
    assert report(tmp_path, BODY).doubtful == (4 + 4) / 23


def test_without_a_raw_text_nothing_is_traced(tmp_path: Path) -> None:
    assert report(tmp_path, BODY).steps == {}


def test_a_very_long_or_very_short_passage_is_named_with_its_words(tmp_path: Path) -> None:
    endless = " ".join(["Word", *["word"] * LONG])
    fair = "These are four words."
    found = report(tmp_path, f"**?:** No.\n\n**?:** {fair}\n\n**?:** {endless}.\n\n**?:** {endless[5:]}.")
    assert [(text.partition(" ")[2], words) for text, words in found.odd_passages] == [
        ("No.", 1),
        (endless[:60], LONG + 1),
    ]


def test_words_of_a_summary_are_its_authors() -> None:
    assert count_words(to_summary("## Title words\n\nOne two.\n- Three.")) == {"Sam Summer": 3}
    assert count_words(to_edition("**Anna Host:** One.\n\n**Anna Host:** Two two.")) == {"Anna Host": 3}


def test_the_report_on_a_shipped_edition_agrees_with_its_passages(shipped: Library) -> None:
    for loaded in shipped.editions:
        found = report_on(loaded)
        assert found.passages == len(loaded.passages) > 0
        assert 0 <= found.doubtful < 0.2
