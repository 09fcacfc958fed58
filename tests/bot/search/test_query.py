from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.search.analyzer import to_term, to_tokens
from bot.search.index import Index
from bot.search.query import LONGEST_QUERY, WEAK, Query, QueryParser, Variant
from bot.search.thesaurus import build_thesaurus
from tests.bot.search.corpus import index_of, parser_of, typed

TEXTS = (
    "The scaling law tells you what happens to your next word prediction accuracy.",
    "AlphaGo learned the game by self-play.",
    "We used reinforcement learning from human feedback. It was Sam Altman who said so.",
    "GPT-2 was small, and GPT-3 was large.",
    "Sam Altman met Alex Krizhevsky, and Alex met Geoff. Ilya Sutskever was there.",
    "Backpropagation through a network of neurons, or neural network.",
    "What is it that the transformer takes in? Language, and more language.",
)
THESAURUS = build_thesaurus(
    [["RLHF", "reinforcement learning from human feedback"], ["AGI", "general intelligence"], ["neural network", "NN"]],
    [(["LSTM"], ["transformer"]), (["Transfourmer"], ["AlphaGo"])],
)


@pytest.fixture(scope="module")
def index() -> Index:
    """Give an index of a few texts."""
    return index_of(*TEXTS)


@pytest.fixture(scope="module")
def parser(index: Index) -> QueryParser:
    """Give a parser that knows a few texts."""
    return parser_of(index, THESAURUS, {"kuczewski": "krizhevsky"})


def variants_of(query: Query, number: int = 0) -> dict[str, tuple[str, ...]]:
    """Give the wordings of a typed word by their kind."""
    (*parts,) = (part for concept in query.concepts for part in concept.parts)
    by_kind: dict[str, tuple[str, ...]] = {}
    for variant in parts[number].variants:
        by_kind[variant.kind] = (*by_kind.get(variant.kind, ()), " ".join(variant.terms))
    return by_kind


# What is searched for


@pytest.mark.parametrize(
    "text", ["", " \n\t ", "?!…", "“”", '""', "_ - —", "\u200b\u202e\u2060", "🤖", "<>", "episode:show-1", "year: 2023"]
)
def test_a_query_without_words_is_refused_with_an_example(parser: QueryParser, text: str) -> None:
    with pytest.raises(QueryError, match="scaling laws"):
        parser.parse(text)


def test_the_words_that_say_what_it_is_about_are_searched_for(parser: QueryParser) -> None:
    assert typed(parser.parse("Why is the scaling law all about prediction?")) == ["scaling", "law", "prediction"]


def test_a_word_typed_twice_counts_once(parser: QueryParser) -> None:
    assert typed(parser.parse("language, language, LANGUAGE")) == ["language"]


@pytest.mark.parametrize("text", ["what is it", "the the", "why"])
def test_a_query_of_stop_words_alone_is_still_searched_for(parser: QueryParser, text: str) -> None:
    assert typed(parser.parse(text)) == list(dict.fromkeys(text.split()))


def test_the_text_is_kept_as_it_was_typed_but_for_spaces(parser: QueryParser) -> None:
    query = parser.parse("  Scaling\n laws? ")
    assert query.text == "Scaling laws?"
    assert query.tokens == ("scaling", "laws")


# Frames


@pytest.mark.parametrize(
    "frame",
    [
        "what does ilya think about {}",
        "What does Ilya Sutskever think about {}?",
        "what did he say about {}",
        "what has ilya said about {}",
        "what do you think about {}?",
        "what would he say on {}",
        "What's Ilya's take on {}",
        "what’s ilya’s opinion of {}",
        "what are ilya's views on {}?",
        "ilya's opinion on {}",
        "Ilya’s thoughts on {}",
        "sutskever's stance on {}",
        "ilya quotes on {}",
        "tell me about {}",
        "Tell me something about {}.",
        "tell me what he said about {}",
        "tell me what Ilya thinks about {}",
        "can you tell me about {}?",
        "please show us more about {}",
        "give me a quote about {}",
        "ilya on {}",
        "quotes on {}",
        "any quotes about {}",
        "a quote on {}",
        "explain {}",
        "can you explain {}?",
        "find the part where he talks about {}",
        "please find me the passage where Ilya Sutskever explains {}",
        "Find the part about {}",
        "does he believe in {}?",
        "did ilya ever say anything about {}",
        "has he ever talked about {}?",
        "his take on {}",
        "your thoughts on {}",
        "thoughts about {}",
        "what does he believe in {}",
        "who’s he on {}",
        "isn't {} what he can't do, and doesn’t",
        "what is {}",
        "{}?",
    ],
)
def test_how_it_is_asked_does_not_matter(parser: QueryParser, frame: str) -> None:
    assert parser.parse(frame.format("scaling laws")).concepts == parser.parse("scaling laws").concepts


def test_a_frame_around_nothing_is_searched_for_as_it_stands(parser: QueryParser) -> None:
    assert typed(parser.parse("what does he think"))
    assert typed(parser.parse("tell me something"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("does he believe the hype", ["hype"]),
        ("find the scaling law", ["find", "scaling", "law"]),
        ("does the network believe in language", ["network", "believe", "language"]),
        ("how do people think about language", ["people", "think", "language"]),
    ],
)
def test_only_what_asks_for_his_words_is_a_frame(parser: QueryParser, text: str, words: list[str]) -> None:
    assert typed(parser.parse(text)) == words


def test_the_personas_name_is_dropped_unless_it_is_asked_for_alone(parser: QueryParser) -> None:
    assert typed(parser.parse("Ilya, scaling")) == typed(parser.parse("ilya's scaling sutskever")) == ["scaling"]
    assert typed(parser.parse("Ilya Sutskever")) == ["ilya", "sutskever"]
    assert typed(parser.parse("who is Ilya?")) == ["ilya"]


def test_a_misspelt_name_of_the_persona_is_dropped_too(parser: QueryParser) -> None:
    assert typed(parser.parse("sutskevar on scaling laws")) == ["scaling", "laws"]


def test_another_persona_has_another_name(index: Index) -> None:
    parser = parser_of(index, persona="C++ (Joe) O'Neil")
    assert typed(parser.parse("what does joe think about ilya?")) == ["ilya"]
    assert typed(parser.parse("what does C++ (Joe) O’Neil think about ilya?")) == ["ilya"]
    assert typed(parser_of(index, persona="").parse("ilya on scaling")) == ["ilya", "scaling"]


# Joined and split words


@pytest.mark.parametrize("text", ["alpha go", "AlphaGo", "Alpha-Go"])
def test_words_that_the_corpus_writes_together_are_joined(parser: QueryParser, text: str) -> None:
    query = parser.parse(text)
    assert (typed(query), query.notice) == (["alphago"], "")


@pytest.mark.parametrize("text", ["selfplay", "self play", "self-play", "SelfPlay"])
def test_words_that_the_corpus_writes_apart_are_split(parser: QueryParser, text: str) -> None:
    query = parser.parse(text)
    assert (typed(query), query.notice) == (["self", "play"], "")


@pytest.mark.parametrize("text", ["gpt 3", "GPT-3", "gpt3"])
def test_a_number_typed_apart_is_joined_to_its_name(parser: QueryParser, text: str) -> None:
    assert typed(parser.parse(text)) == ["gpt3"]


def test_words_that_follow_each_other_in_the_corpus_are_not_joined() -> None:
    parser = parser_of(index_of("The data set is one dataset."))
    assert typed(parser.parse("data set")) == ["data", "set"]


def test_a_word_is_only_split_into_words_that_follow_each_other(parser: QueryParser) -> None:
    assert typed(parser.parse("lawself")) == ["lawself"]


# Spelling


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("bakpropagation", ["backpropagation"]),
        ("tranformer and langauge", ["transformer", "language"]),
        ("next word predicton", ["next", "word", "prediction"]),
    ],
)
def test_a_misspelt_word_is_corrected_and_told(parser: QueryParser, text: str, corrected: list[str]) -> None:
    query = parser.parse(text)
    assert typed(query) == corrected
    assert query.notice == f"Showing answers for “{' '.join(corrected)}”."


def test_what_a_recogniser_heard_for_a_name_finds_the_name(parser: QueryParser) -> None:
    query = parser.parse("alex kuczewski")
    assert typed(query) == ["alex", "krizhevsky"]
    assert query.notice == "Showing answers for “alex krizhevsky”."


@pytest.mark.parametrize("text", ["waht is scaling", "scaling, taht is"])
def test_a_misspelt_stop_word_is_left_out_like_any(parser: QueryParser, text: str) -> None:
    assert typed(parser.parse(text)) == ["scaling"]


def test_the_thesauruss_words_are_known(parser: QueryParser) -> None:
    query = parser.parse("the transfourmer")
    assert typed(query) == ["transfourmer"]
    assert query.notice == ""


_KNOWN_WORDS = sorted({word for text in TEXTS for word in to_tokens(text)} | {"rlhf", "lstm", "transfourmer"})


@given(st.lists(st.sampled_from(_KNOWN_WORDS), min_size=1, max_size=6))
def test_known_words_are_never_corrected(words: list[str]) -> None:
    parser = parser_of(index_of(*TEXTS), THESAURUS, {"scaling": "fish"})
    query = parser.parse(" ".join(words))
    assert query.notice == ""
    assert set(typed(query)) <= set(words) | {"alphago"}


# Other wordings


def test_a_phrase_of_the_thesaurus_is_one_concept(parser: QueryParser) -> None:
    query = parser.parse("is reinforcement learning from human feedback language")
    assert [[part.typed for part in concept.parts] for concept in query.concepts] == [
        ["reinforcement", "learning", "human", "feedback"],
        ["language"],
    ]


def test_another_wording_of_a_word_is_searched_for_where_the_corpus_has_it(parser: QueryParser) -> None:
    query = parser.parse("rlhf")
    assert variants_of(query) == {"typed": ("rlhf",), "same": ("reinforc learn human feedback",)}
    assert variants_of(parser.parse("agi")) == {"typed": (to_term("agi"),)}


def test_another_wording_of_a_phrase_counts_for_all_of_it() -> None:
    parser = parser_of(index_of("The NN and the net of neural cells.", "A network."), THESAURUS)
    (concept,) = parser.parse("neural network").concepts
    assert concept.others == (Variant(("nn",), "same"),)
    assert concept.weight == pytest.approx(sum(part.weight for part in concept.parts))


def test_a_wider_wording_is_told_from_the_same(parser: QueryParser) -> None:
    assert variants_of(parser.parse("lstm")) == {"typed": ("lstm",), "wider": ("transform",)}
    assert variants_of(parser.parse("transformer")) == {"typed": ("transform",)}


def test_a_name_finds_its_numbers_and_an_unknown_number_its_name(parser: QueryParser, index: Index) -> None:
    assert variants_of(parser.parse("gpt")) == {"typed": ("gpt",), "same": ("gpt2", "gpt3")}
    assert variants_of(parser.parse("gpt3")) == {"typed": ("gpt3",)}
    assert variants_of(parser.parse("gpt9")) == {"typed": ("gpt9",), "wider": ("gpt",)}
    assert index.numbered["gpt"] == ["gpt2", "gpt3"]


def test_all_wordings_are_marked_where_they_stand(parser: QueryParser) -> None:
    assert parser.parse("rlhf lstm").terms == {"rlhf", "reinforc", "learn", "human", "feedback", "lstm", "transform"}


# How much a word counts


def test_two_words_that_stand_together_only_count_as_one(parser: QueryParser, index: Index) -> None:
    (sam,), (altman,) = (concept.parts for concept in parser.parse("sam altman").concepts)
    assert (sam.share, altman.share) == (0.5, 0.5)
    assert sam.weight + altman.weight == pytest.approx(index.weight_of("sam"))
    assert [part.share for concept in parser.parse("altman sam").concepts for part in concept.parts] == [1.0, 1.0]


def test_two_words_that_often_stand_apart_count_each(parser: QueryParser) -> None:
    assert [part.share for concept in parser.parse("sam said").concepts for part in concept.parts] == [1.0, 1.0]
    apart = parser_of(index_of("Alex Krizhevsky.", "Alex met Geoff.", "Alex left."))
    assert [part.share for concept in apart.parse("alex krizhevsky").concepts for part in concept.parts] == [1.0, 1.0]


def test_a_word_that_says_how_or_when_counts_little(parser: QueryParser) -> None:
    how, what = (part for concept in parser.parse("exactly scaling").concepts for part in concept.parts)
    assert (how.share, what.share) == (WEAK, 1.0)
    assert how.weight == pytest.approx(WEAK * how.information)


def test_a_rare_word_counts_more_than_a_common_one(parser: QueryParser) -> None:
    rare, common = parser.parse("geoff sam").concepts
    assert rare.weight > common.weight > 0


def test_a_word_known_by_its_other_wording_counts_as_that_does(parser: QueryParser, index: Index) -> None:
    (concept,) = parser.parse("rlhf").concepts
    assert concept.weight == index.weight_of_phrase(("reinforc", "learn", "human", "feedback"))


# Filters and exact words


@pytest.mark.parametrize(
    ("text", "episode", "year"),
    [
        ("scaling", None, None),
        ("episode:show-1 scaling", "show-1", None),
        ("scaling Episode: show-1", "show-1", None),
        ('scaling episode:"show-1"', "show-1", None),
        ("scaling episode:“show-1”", "show-1", None),
        ("scaling year:2023", None, "2023"),
        ("year:2023, scaling episode:show-1.", "show-1", "2023"),
        ("year:2023 episode:show-1 scaling", "show-1", "2023"),
    ],
)
def test_filters_are_taken_out_of_the_words(
    parser: QueryParser, text: str, episode: str | None, year: str | None
) -> None:
    query = parser.parse(text)
    assert (query.episode, query.year) == (episode, year)
    assert query.concepts == parser.parse("scaling").concepts
    assert query.tokens == ("scaling",)


@pytest.mark.parametrize("text", ["the first episode", "that year", "myyear:2023", "scaling episode:"])
def test_the_words_episode_and_year_are_no_filters_by_themselves(parser: QueryParser, text: str) -> None:
    query = parser.parse(text)
    assert (query.episode, query.year) == (None, None)
    assert query.tokens == tuple(to_tokens(text))


@pytest.mark.parametrize("text", ['"Next WORD"', "“next word”", "„next word“", "”next word“", '“next word"'])
def test_exact_words_are_taken_from_straight_and_curly_quotes(parser: QueryParser, text: str) -> None:
    query = parser.parse(f"scaling {text}")
    assert query.exact == (("next", "word"),)
    assert typed(query) == ["scaling", "next", "word"]


def test_several_exact_words_are_all_taken(parser: QueryParser) -> None:
    assert parser.parse('"scaling" and “it’s next”').exact == (("scaling",), ("it's", "next"))


@pytest.mark.parametrize("text", ['scaling "', '"scaling', 'scaling ""', '"?!" scaling', "'scaling'"])
def test_without_words_between_two_quotes_nothing_is_exact(parser: QueryParser, text: str) -> None:
    assert parser.parse(text).exact == ()


# Any text


_PIECES = [
    "scaling", "laws", "ilya's", "what does he think about", "tell me", "year:", "episode:x", "year:2023", '"', "“",
    "”", "’", "'", "🤖", "👩‍🚀", "\u202e", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\n", "<script>", "</b>", "<@123>",
    "@everyone", "**", "`", "[a](b)", "\\", "%s", "{who}", "{0}", "(", ")", "(?:", "$1", "مرحبا", "שלום", "日本語", "ﷺ",
    "İ", "ß", "a\u0301\u0301\u0301", "\ud800", "GPT-3", "-3", "--", "1e999", "' OR 1=1 --", " ",
]  # fmt: skip
_HOSTILE = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(_PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(_PIECES), max_size=12).map(" ".join),
    st.sampled_from(_PIECES).map(lambda piece: (piece * 10_000)[:10_000]),
)
_PARSER = parser_of(index_of(*TEXTS), THESAURUS, {"kuczewski": "krizhevsky"})


@settings(max_examples=300)
@given(_HOSTILE)
@example("scaling laws " * 800)
@example("x" * 10_000)
@example("\u0130" * 10_000)
def test_any_text_is_a_query_or_is_refused(text: str) -> None:
    try:
        query = _PARSER.parse(text)
    except QueryError:
        return
    assert query.tokens
    assert all(word and to_tokens(word) == [word] for word in typed(query))
    assert all(concept.parts and concept.weight > 0 for concept in query.concepts)
    assert query.terms
    assert len(query.text) <= LONGEST_QUERY


@given(st.text(max_size=60).filter(to_tokens))
def test_any_text_with_words_is_a_query(text: str) -> None:
    if ":" not in text:
        assert _PARSER.parse(text).tokens == tuple(to_tokens(" ".join(text.split())))


def test_what_is_past_the_longest_query_is_not_read(parser: QueryParser) -> None:
    query = parser.parse("scaling " + " " * LONGEST_QUERY + "laws")
    assert typed(query) == ["scaling"]
