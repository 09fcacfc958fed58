from __future__ import annotations

from bot.search.topics import Topics, collect_topics
from tests.bot.search.corpus import said, summed_up

TOPICS = Topics({"AGI": 2, "AI safety": 3, "safety of AI in the long run": 1, "scaling laws": 3, "training data": 1})


def test_topics_are_collected_with_how_many_passages_carry_them() -> None:
    passages = [
        said("A.", topics=("scaling laws", "AGI")),
        said("B.", topics=("AGI",)),
        summed_up("C.", topics=("agile",)),
        said("D."),
    ]
    topics = collect_topics(passages)
    assert topics.counts == {"AGI": 2, "agile": 1, "scaling laws": 1}
    assert topics.names == ("AGI", "agile", "scaling laws")


def test_topics_are_in_alphabetical_order_whatever_their_capitals() -> None:
    passages = [said("A.", topics=(topic,)) for topic in ("b", "C", "a", "Ba")]
    assert collect_topics(passages).names == ("a", "b", "Ba", "C")


def test_the_nearest_topic_holds_most_of_what_was_asked() -> None:
    assert TOPICS.nearest({"data": 2.0, "scale": 1.0, "law": 0.5}, 2) == ("training data", "scaling laws")
    assert TOPICS.nearest({"data": 1.0, "scale": 1.0, "law": 0.5}, 2) == ("scaling laws", "training data")


def test_of_equally_near_topics_the_shortest_comes_first() -> None:
    assert TOPICS.nearest({"safeti": 1.0}, 5) == ("AI safety", "safety of AI in the long run")
    assert Topics({"a long way to safety": 1, "safety": 1}).nearest({"safeti": 1.0}, 1) == ("safety",)


def test_no_more_topics_are_given_than_wanted() -> None:
    assert TOPICS.nearest({"safeti": 1.0}, 1) == ("AI safety",)


def test_where_no_topic_is_near_none_is_given() -> None:
    assert TOPICS.nearest({"zebra": 1.0}, 3) == TOPICS.nearest({}, 1) == ()


def test_a_topic_that_repeats_a_word_is_no_nearer_for_it() -> None:
    topics = Topics({"data, data, data": 1, "data": 1})
    assert topics.nearest({"data": 1.0}, 2) == ("data", "data, data, data")


def test_without_topics_there_is_nothing_to_suggest() -> None:
    topics = collect_topics([said("A.")])
    assert topics.nearest({"a": 1.0}, 5) == topics.names == topics.holding(["a"]) == ()


def test_topics_hold_all_the_words_typed_so_far() -> None:
    assert TOPICS.holding(["safe", "A"]) == ("AI safety", "safety of AI in the long run")
    assert TOPICS.holding(["SCALING"]) == TOPICS.holding(["laws", "scal"]) == ("scaling laws",)
    assert TOPICS.holding(["safety", "laws"]) == ()
    assert TOPICS.holding([]) == TOPICS.names


def test_words_typed_so_far_are_beginnings_of_words() -> None:
    assert TOPICS.holding(["rain"]) == ()
