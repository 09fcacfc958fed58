from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import CorpusError, QueryError, QuoteBotError, ThesaurusError, UnknownEpisodeError, UnknownPersonaError
from bot.models import Answer, Hit, Role
from bot.search.analyzer import to_terms, to_tokens
from bot.search.quotes import LONGEST_QUOTE
from bot.service import (
    HITS,
    SUGGESTIONS,
    QuoteService,
    build_service,
    check_editions,
    read_judged_queries,
    time_service,
)
from bot.transcripts.sentences import source_of
from tests.bot.search.corpus import PERSONA, is_in_a_row
from tests.editions import write_edition
from tests.paths import EDITIONS, EPISODES, SEEDS

LAWS = "The thing is that the scaling law"
OFF_TOPIC = (
    "who won the world cup", "best pasta recipe", "how to cook rice", "weather tomorrow", "cheap flights to paris",
    "how tall is mount everest", "taylor swift tour dates", "how to change a car tyre", "premier league table",
    "chocolate cake", "train your dog to sit", "lawn mower repair", "knitting patterns", "symptoms of flu",
    "mortgage rates", "bitcoin price", "netflix series", "guitar chords", "wedding dress", "how to lose weight",
    "capital of australia", "tax return deadline", "fishing licence", "yoga for beginners", "used cars",
    "potato salad", "what is the best restaurant in rome", "roman empire", "french revolution", "zebra",
)  # fmt: skip


@pytest.fixture(scope="module")
def service() -> QuoteService:
    """Give the service on the editions that come with the project."""
    return shipped_service()


@cache
def shipped_service() -> QuoteService:
    """Build the service on the editions that come with the project, once."""
    return build_service(EPISODES, PERSONA)


BODY = """## Animals

**Anna Host:** What is a zebra, my dear wombat?

**Ilya Sutskever:** A zebra is a striped horse, and a horse is a mammal that runs on its hooves across the savanna.
<!-- topics: striped horses -->

**Bob Guest:** I keep a walrus at home, and nobody else at the whole institute does so.

**Advert:** Buy the best umbrella of the whole wide world at half the price today.

**?:** The giraffe stood there in the rain.

**Ilya Sutskever:** I said crocodile [?]. Then I said that the alligator is another reptile with very short legs.
"""
SUMMARY = "## Animals\n\nHe told of zebras, and of a kangaroo that he had met on a long walk in the mountains.\n"


@pytest.fixture
def small(tmp_path: Path) -> QuoteService:
    """Give a service on a small transcript and a summary."""
    write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]")
    write_edition(tmp_path, SUMMARY, id="show-2", kind="summary", summary_by="Sam Summer")
    return build_service(tmp_path / "episodes", PERSONA)


def is_well_shown(hit: Hit) -> bool:
    """Whether a hit is the persona's or a summary, word for word from its passage, and traceable."""
    passage = hit.passage
    is_own = passage.role is Role.GUEST and passage.speaker == PERSONA
    is_told = passage.role is Role.SUMMARY and passage.speaker is None and bool(passage.summary_by)
    return (
        (is_own or is_told)
        and bool(hit.sentences)
        and is_in_a_row(hit.sentences, passage.sentences)
        and hit.quote in passage.text
        and (len(hit.quote) <= LONGEST_QUOTE or len(hit.sentences) == 1)
        and not any(sentence.is_doubtful for sentence in hit.sentences)
        and bool(source_of(hit.sentences))
    )


# Answers


@pytest.mark.parametrize(
    "text",
    [
        "scaling laws",
        "Scaling Laws?",
        "what does ilya think about scaling laws",
        "Ilya’s opinion on scaling laws",
        '"scaling law"',
        "scaling laws episode:dwarkesh-2023",
    ],
)
def test_the_reply_to_the_question_on_scaling_laws_answers_it(service: QuoteService, text: str) -> None:
    answer = service.ask(text)
    assert answer.answered
    assert answer.hits[0].quote.startswith(LAWS)
    assert "scaling laws" in answer.hits[0].passage.asked
    assert answer.suggestions == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [("transformers", "Transformer"), ("self-play", "self-play"), ("GPT 3", "GPT-3"), ("alpha go", "AlphaGo")],
)
def test_a_word_of_the_field_is_answered_with_that_word(service: QuoteService, text: str, said: str) -> None:
    answer = service.ask(text)
    assert answer.answered
    assert any(said.casefold() in hit.quote.casefold() for hit in answer.hits)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [("bakpropagation", "backpropagation"), ("tranformers", "transformers"), ("reinforcement lerning", "learning")],
)
def test_a_typo_is_answered_and_told(service: QuoteService, typo: str, meant: str) -> None:
    answer = service.ask(typo)
    assert answer.answered
    assert answer.hits
    assert answer.notice == "" or meant in answer.notice


@pytest.mark.parametrize("word", ["aliens", "helium"])
def test_an_ordinary_word_is_not_taken_for_a_name_that_was_once_misheard_so(service: QuoteService, word: str) -> None:
    assert "ilya" not in service.ask(word).notice


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({}, "Showing answers for “krizhevsky zebra”."),
        ({"title": "A talk with Krizhevskaya"}, ""),
        ({"show": "The Krizhevskaya Show"}, ""),
        ({"host": "Anna Krizhevskaya"}, ""),
    ],
)
def test_a_word_of_a_title_a_show_or_a_name_is_not_misspelt(
    tmp_path: Path, fields: dict[str, str], notice: str
) -> None:
    body = "**Ilya Sutskever:** Krizhevsky has a zebra."
    service = build_service(write_edition(tmp_path, body, **fields).parent, PERSONA)
    assert service.ask("krizhevskaya zebra", weak=True).notice == notice


def test_no_more_hits_are_given_than_wanted(service: QuoteService) -> None:
    assert [len(service.ask("neural networks", count).hits) for count in (1, 3, 7)] == [1, 3, 7]
    assert len(service.ask("neural networks").hits) == HITS
    first = service.ask("neural networks", 7).hits
    assert first[:3] == service.ask("neural networks", 3).hits


def test_hits_come_best_first_and_differ(service: QuoteService) -> None:
    hits = service.ask("neural networks", 20).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.quote for hit in hits}) == len(hits)
    turns = [(hit.passage.edition, hit.passage.turn) for hit in hits]
    assert max(turns.count(turn) for turn in turns) <= 2


@pytest.mark.parametrize("text", ["", "?!", "“”", "\u200b"])
def test_nothing_typed_is_refused(service: QuoteService, text: str) -> None:
    with pytest.raises(QueryError):
        service.ask(text)


# Nothing on that


@pytest.mark.parametrize("text", ["who won the world cup", "best pasta recipe"])
def test_what_nobody_spoke_of_is_refused_with_no_topics_but_those_there_are(service: QuoteService, text: str) -> None:
    answer = service.ask(text)
    assert not answer.answered
    assert answer.hits == ()
    assert len(answer.suggestions) <= SUGGESTIONS
    assert set(answer.suggestions) <= set(service.topics.names)


def test_nearly_all_of_what_has_nothing_to_do_with_it_is_refused(service: QuoteService) -> None:
    assert fmean(service.ask(text).answered for text in OFF_TOPIC) <= 0.2


def test_suggestions_are_near_what_was_asked(service: QuoteService) -> None:
    (first, *_) = service.ask("the dataset of the zebra championship of wombats").suggestions
    assert "data" in first
    assert service.ask("the best zebra of all wombats").suggestions == service.complete_topics("", SUGGESTIONS)


def test_the_nearest_is_shown_on_request_and_is_no_answer(service: QuoteService) -> None:
    text = "who won the world cup"
    answer = service.ask(text, weak=True)
    assert not answer.answered
    assert 0 < len(answer.hits) <= HITS
    assert all(map(is_well_shown, answer.hits))
    assert answer.suggestions == service.ask(text).suggestions
    assert service.ask("scaling laws", weak=True) == service.ask("scaling laws")
    assert service.ask("zzzzzzzzz", weak=True).hits == ()


# Filters and exact words


def test_an_episode_can_be_asked_alone(service: QuoteService) -> None:
    for episode in service.episodes():
        answer = service.ask("neural networks", 20, episode.id)
        assert answer.hits
        assert {hit.passage.episode for hit in answer.hits} == {episode}
        assert answer.hits == service.ask(f"neural networks episode:{episode.id.upper()}", 20).hits


def test_a_year_can_be_asked_alone(service: QuoteService) -> None:
    years = {episode.published[:4] for episode in service.episodes()}
    for year in years:
        hits = service.ask(f"neural networks year:{year}", weak=True).hits
        assert {hit.passage.episode.published[:4] for hit in hits} == {year}
    refused = service.ask("zebra stripes year:2020")
    assert (refused.answered, refused.notice) == (False, "Searched only in what is from 2020.")


@pytest.mark.parametrize("year", ["1999", "20", "2", "2023-03"])
def test_an_unknown_year_is_told_with_those_there_are(service: QuoteService, year: str) -> None:
    with pytest.raises(QueryError) as told:
        service.ask(f"agi year:{year}")
    assert str(told.value) == f"There is nothing of the year '{year}'. There is of: 2020, 2021, 2022, 2023."


@pytest.mark.parametrize("count", [0, -1])
def test_fewer_answers_than_one_cannot_be_given(service: QuoteService, count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} answers"):
        service.ask("agi", count)


@pytest.mark.parametrize(("text", "episode"), [("agi episode:nope", None), ("agi", "nope"), ("agi", "show 1?")])
def test_an_unknown_episode_is_told_with_those_there_are(service: QuoteService, text: str, episode: str | None) -> None:
    with pytest.raises(UnknownEpisodeError) as told:
        service.ask(text, episode=episode)
    assert all(known.id in str(told.value) for known in service.episodes())


def test_episodes_are_listed_newest_first_and_found_by_name(service: QuoteService) -> None:
    episodes = service.episodes()
    assert {episode.id for episode in episodes} == {loaded.edition.episode.id for loaded in service.library.editions}
    assert len(episodes) == len({episode.id for episode in episodes}) < len(EDITIONS)
    assert [episode.published for episode in episodes] == sorted((e.published for e in episodes), reverse=True)
    assert [service.find_episode(f" {episode.id.upper()} ") for episode in episodes] == list(episodes)


def test_exact_words_are_found_where_they_stand(service: QuoteService) -> None:
    (first, *rest) = service.ask('"next word prediction accuracy"').hits
    assert "next word prediction accuracy" in first.passage.text
    assert rest == []
    assert service.ask('"next word prediction accuracy"').notice == ""


def test_exact_words_that_nobody_says_are_told_and_the_nearest_shown(service: QuoteService) -> None:
    answer = service.ask('"scaling the law"')
    assert answer.notice == f"{PERSONA} does not say all of that in just these words."
    assert answer.answered
    assert answer.hits == service.ask("scaling the law").hits


def test_exact_words_that_somebody_says_in_another_episode_are_not_denied(service: QuoteService) -> None:
    answer = service.ask('"scaling law" episode:robot-brains-2021')
    assert answer.hits
    assert answer.notice == "Nothing that was searched has just these words."


def test_what_somebody_typed_is_not_said_back_where_all_may_see_it(service: QuoteService) -> None:
    notice = service.ask('"scaling law" "striped zebra"').notice
    assert notice == f"{PERSONA} does not say all of that in just these words."
    assert PERSONA not in service.ask('"scaling law" "neural network"').notice


def test_exact_small_words_that_somebody_says_are_not_denied(service: QuoteService) -> None:
    assert any("there is" in passage.text for passage in service.index.passages)
    assert PERSONA not in service.ask('"there is"').notice


# Whose words are shown


@cache
def vocabulary() -> list[str]:
    """List every word that anybody says, asks or tells, as it is written."""
    passages = shipped_service().library.passages
    return sorted({word for passage in passages for word in to_tokens(f"{passage.text} {' '.join(passage.topics)}")})


@settings(max_examples=150)
@given(st.data())
def test_every_hit_is_the_personas_or_a_summary_word_for_word_with_its_source(data: st.DataObject) -> None:
    service = shipped_service()
    words = data.draw(st.lists(st.sampled_from(vocabulary()), min_size=1, max_size=5))
    answer = service.ask(" ".join(words), 10, weak=data.draw(st.booleans()))
    assert [hit.quote for hit in answer.hits if not is_well_shown(hit)] == []
    assert not answer.answered or answer.hits
    assert not (answer.answered and answer.suggestions)


@settings(max_examples=40)
@given(st.data())
def test_what_is_asked_in_the_words_of_a_passage_finds_that_passage(data: st.DataObject) -> None:
    service = shipped_service()
    passage = data.draw(st.sampled_from([p for p in service.index.passages if len(to_tokens(p.text)) > 25]))
    tokens = passage.text.split()
    start = data.draw(st.integers(0, len(tokens) - 15))
    text = " ".join(tokens[start : start + 15]).replace('"', "").replace(":", "")
    assume(len(set(to_terms(text))) >= 5)
    answer = service.ask(text, 10)
    assert answer.answered
    assert passage.id in {hit.passage.id for hit in answer.hits}


@settings(max_examples=150)
@given(st.text(max_size=60), st.booleans())
def test_any_text_is_answered_or_refused(text: str, weak: bool) -> None:
    try:
        answer = shipped_service().ask(text, weak=weak)
    except QuoteBotError:
        return
    assert isinstance(answer, Answer)
    assert all(map(is_well_shown, answer.hits))
    assert answer.answered or weak or not answer.hits


@pytest.mark.parametrize("word", ["wombat", "walrus", "umbrella", "giraffe", "crocodile"])
def test_words_of_the_host_another_guest_an_advert_or_a_doubtful_turn_are_no_answer(
    small: QuoteService, word: str
) -> None:
    shown = [hit.quote for hit in small.ask(word, weak=True).hits]
    assert [quote for quote in shown if word in quote.casefold()] == []


def test_the_personas_words_and_summaries_are_answers(small: QuoteService) -> None:
    answer = small.ask("zebra")
    assert [hit.passage.speaker for hit in answer.hits] == [PERSONA, None]
    assert small.ask("alligator").hits[0].quote.startswith("Then I said")
    assert small.ask("kangaroo").hits[0].passage.summary_by == "Sam Summer"
    assert small.ask("striped horses").hits[0].passage.asked == "What is a zebra, my dear wombat?"


def test_another_persona_gives_other_answers(tmp_path: Path) -> None:
    write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]")
    service = build_service(tmp_path / "episodes", "Bob Guest")
    assert [hit.passage.speaker for hit in service.ask("walrus").hits] == ["Bob Guest"]
    assert not service.ask("alligator").answered


def test_a_summary_of_a_talk_without_the_persona_is_no_answer(tmp_path: Path) -> None:
    write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]")
    write_edition(tmp_path, SUMMARY, id="show-2", kind="summary", summary_by="Sam Summer", guest="Bob Guest")
    shown = build_service(tmp_path / "episodes", PERSONA).ask("kangaroo zebra", weak=True).hits
    assert [hit.passage.edition for hit in shown] == ["show-1"]


def test_a_persona_in_the_hosts_place_is_not_quoted(tmp_path: Path) -> None:
    body = "**Anna Host:** What is a zebra?\n\n**Ilya Sutskever:** A zebra is a horse."
    write_edition(tmp_path, body)
    write_edition(tmp_path, body, id="show-2", host="Ilya Sutskever", guest="Anna Host")
    shown = build_service(tmp_path / "episodes", "Anna Host").ask("zebra", weak=True).hits
    assert [hit.passage.edition for hit in shown] == ["show-2"]


@pytest.mark.parametrize("persona", ["Nobody Here", "ilya sutskever", "Anna Host"])
def test_a_persona_who_is_no_guest_is_told_with_the_guests_there_are(tmp_path: Path, persona: str) -> None:
    write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]")
    with pytest.raises(UnknownPersonaError) as caught:
        build_service(tmp_path / "episodes", persona)
    assert str(caught.value).endswith(f"is said by {persona!r}. Set PERSONA to one of: Ilya Sutskever, Bob Guest.")


# By chance and by day


def chance(seed: int) -> random.Random:
    """Make a chance that can be made again."""
    return random.Random(seed)  # noqa: S311  nothing secret hangs on it


def test_a_random_quote_is_the_personas_and_never_a_summary(service: QuoteService) -> None:
    hits = [service.random(chance(seed)) for seed in range(200)]
    assert all(is_well_shown(hit) and not hit.passage.is_summary for hit in hits)
    assert len({hit.passage.id for hit in hits}) > 20


def test_a_random_quote_is_the_same_for_the_same_chance(service: QuoteService) -> None:
    assert service.random(chance(5)) == service.random(chance(5))
    assert is_well_shown(service.random())


def test_the_quote_of_a_day_is_the_personas_and_the_same_for_everybody(service: QuoteService) -> None:
    hits = [service.today(date(2026, 1, day)) for day in range(1, 31)]
    assert all(is_well_shown(hit) and not hit.passage.is_summary for hit in hits)
    assert hits[0] == build_service(EPISODES, PERSONA).today(date(2026, 1, 1))
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_a_pool_can_be_of_one_topic_one_episode_or_both(service: QuoteService) -> None:
    everything = {passage.id for passage, _ in service.pool.quotes}
    of_topic = {passage.id: passage for passage, _ in service.pool_about("scaling laws", None).quotes}
    of_episode = {passage.id: passage for passage, _ in service.pool_about(None, "dwarkesh-2023").quotes}
    of_both = {passage.id for passage, _ in service.pool_about("scaling laws", "dwarkesh-2023").quotes}
    assert {passage.id for passage, _ in service.pool_about(None, None).quotes} == everything
    assert set() < of_topic.keys() < everything
    assert set() < of_episode.keys() < everything
    assert of_both == of_topic.keys() & of_episode.keys() != set()
    assert {passage.episode.id for passage in of_episode.values()} == {"dwarkesh-2023"}
    assert all("scal" in f"{p.text} {p.asked} {p.topics}".casefold() for p in of_topic.values())


def test_a_pool_of_an_unknown_episode_or_of_no_topic_is_told(service: QuoteService) -> None:
    assert service.pool_about("mortgage rates", None).quotes == ()
    with pytest.raises(UnknownEpisodeError):
        service.pool_about(None, "nope")
    with pytest.raises(QueryError):
        service.pool_about("?!", None)


# Building, and what is asked again


_ANSWERS = """
import json, pathlib, sys
from bot.service import build_service, read_judged_queries
service = build_service(pathlib.Path(sys.argv[1]), sys.argv[2])
for query in read_judged_queries(pathlib.Path(sys.argv[3])):
    answer = service.ask(query.text, 10, weak=True)
    hits = [(hit.passage.id, hit.score, hit.quote, sorted(hit.terms)) for hit in answer.hits]
    print(json.dumps([answer.answered, answer.notice, answer.suggestions, hits]))
"""


def test_two_processes_give_the_same_answers() -> None:
    command = [sys.executable, "-c", _ANSWERS, str(EPISODES), PERSONA, str(SEEDS / "queries.jsonl")]
    first, second = (
        subprocess.run(
            command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=60
        ).stdout
        for seed in ("1", "2")
    )
    assert len(first.splitlines()) >= 50
    assert any(json.loads(line)[3] for line in first.splitlines())
    assert first == second


def test_an_answer_does_not_depend_on_what_was_asked_before(service: QuoteService) -> None:
    texts = [query.text for query in read_judged_queries(SEEDS / "queries.jsonl")]
    before = [service.ask(text) for text in texts]
    fresh = build_service(EPISODES, PERSONA)
    assert [fresh.ask(text) for text in reversed(texts)] == before[::-1]


def test_warming_leaves_nothing_for_the_first_query_to_build() -> None:
    service = build_service(EPISODES, PERSONA)
    service.warm()
    parts = (service.index, service.topics, service.parser.speller)
    before = [set(vars(part)) for part in parts]
    for text in ("tranformers", "the thing is that the scaling law tells you", "zzzzzz", "data zzzzzz yyyyyy xxxxxx"):
        service.ask(text)
    assert [set(vars(part)) for part in parts] == before


def test_a_folder_without_editions_cannot_be_served(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        build_service(tmp_path / "episodes", PERSONA)


def test_a_thesaurus_beside_the_editions_is_used_and_a_broken_one_is_told(tmp_path: Path) -> None:
    folder = write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]").parent
    assert not build_service(folder, PERSONA).ask("saurian").answered
    (tmp_path / "thesaurus.toml").write_text('[[same]]\nwords = ["saurian", "reptile"]\n', encoding="utf-8")
    assert build_service(folder, PERSONA).ask("saurian").hits[0].quote.startswith("Then I said")
    (tmp_path / "thesaurus.toml").write_text("[[same", encoding="utf-8")
    with pytest.raises(ThesaurusError, match=r"thesaurus\.toml"):
        build_service(folder, PERSONA)


def test_editions_are_checked_good_and_bad(tmp_path: Path) -> None:
    folder = write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]").parent
    (folder / "bad.md").write_text("no head", encoding="utf-8")
    reports, faults = check_editions(folder, PERSONA)
    assert (len(reports), len(faults)) == (1, 1)
    assert "bad.md" in str(faults[0])


def test_a_service_is_timed(tmp_path: Path) -> None:
    folder = write_edition(tmp_path, BODY, guest="[Ilya Sutskever, Bob Guest]").parent
    timings = time_service(folder, PERSONA, ["zebra", "walrus"], rounds=2)
    assert timings.build > 0
    assert (len(timings.first), len(timings.again), len(timings.plain)) == (2, 2, 2)


# Explained and measured


def test_the_first_passages_are_explained_in_their_order(service: QuoteService) -> None:
    explained = service.explain("scaling laws", 3)
    assert len(explained) == 3
    assert explained[0][0].text.startswith(LAWS)
    scores = [explanation.scored.score for _, explanation in explained]
    assert scores == sorted(scores, reverse=True)
    assert all(explanation.contributions for _, explanation in explained)
    assert explained[0][0] == service.ask("scaling laws").hits[0].passage
    assert service.explain("zzzzzzzz") == ()


def test_an_unknown_episode_is_told_when_explaining_too(service: QuoteService) -> None:
    assert service.explain("agi episode:DWARKESH-2023") == service.explain("agi episode:dwarkesh-2023") != ()
    for text, episode in (("agi episode:nope", None), ("agi", "nope")):
        with pytest.raises(UnknownEpisodeError):
            service.explain(text, episode=episode)


def test_what_is_explained_is_what_was_searched(service: QuoteService) -> None:
    explained = service.explain("backpropagation", episode="lex-94")
    assert {passage.episode.id for passage, _ in explained} == {"lex-94"}
    assert service.explain('"scaling the law"') == service.explain("scaling the law")


def test_answers_are_as_good_as_they_have_been(service: QuoteService) -> None:
    gradings = service.evaluate(read_judged_queries(SEEDS / "queries.jsonl"))
    answerable = [grading for grading in gradings if grading.query.judgements]
    assert fmean(grading.success for grading in answerable) >= 0.85
    assert fmean(grading.ndcg for grading in answerable) >= 0.72
    assert fmean(grading.answered for grading in answerable) >= 0.9
    assert not all(grading.answered for grading in gradings if not grading.query.judgements)


def test_weights_can_be_tuned_on_judged_queries(small: QuoteService, tmp_path: Path) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(
        "".join(
            json.dumps({"qid": word, "query": word, "type": "keyword", "answers": []}) + "\n"
            for word in ("walrus", "umbrella", "giraffe")
        ),
        encoding="utf-8",
    )
    weights, crossed = small.tune(read_judged_queries(path), 3)
    assert weights == small.weights
    assert [grading.query.id for grading in crossed.gradings] == ["walrus", "umbrella", "giraffe"]
