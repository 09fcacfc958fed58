from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.analyzer import to_term, to_terms, to_tokens, without_stop_words
from bot.search.irregular import BASE_FORMS
from bot.search.stop_words import STOP_WORDS, WEAK_WORDS

WILD = st.text(max_size=60)


# Words


def test_a_text_is_split_into_its_words_in_order() -> None:
    assert to_tokens("Well — it's 2023, and models (large ones) work!") == [
        "well", "it's", "2023", "and", "models", "large", "ones", "work",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "   ", "?!… — “”", "___", "🤖🔥", "\u200b\u202e\x00\n"])
def test_a_text_without_letters_or_digits_has_no_words(text: str) -> None:
    assert to_tokens(text) == to_terms(text) == []


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("SCALING Laws", "scaling laws"),
        ("ｓｃａｌｉｎｇ", "scaling"),
        ("ﬁne-tuning", "fine-tuning"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("cafe\u0301", "café"),
        ("GPT²", "GPT2"),
    ],
)
def test_letters_that_only_look_different_are_the_same(text: str, same: str) -> None:
    assert to_tokens(text) == to_tokens(same)


@pytest.mark.parametrize("text", ["GPT-3", "gpt-3", "GPT3", "Gpt3", "ＧＰＴ－３"])
def test_a_numbered_name_is_one_word_with_and_without_its_hyphen(text: str) -> None:
    assert to_tokens(text) == ["gpt3"]


@pytest.mark.parametrize(("text", "tokens"), [("GPT 3", ["gpt", "3"]), ("3-4", ["3", "4"]), ("GPT-3x", ["gpt", "3x"])])
def test_only_a_hyphen_between_a_name_and_its_number_joins(text: str, tokens: list[str]) -> None:
    assert to_tokens(text) == tokens


@pytest.mark.parametrize("text", ["self-play", "self play", "Self\u2010Play", "self–play", "self/play", "self_play"])
def test_hyphenated_words_are_the_words_apart(text: str) -> None:
    assert to_tokens(text) == ["self", "play"]


@pytest.mark.parametrize(
    ("text", "same"), [("don’t", "don't"), ("Ilya’s", "ilya's"), ("they’ll’ve", "they'll've"), ("O’Neil", "o'neil")]
)
def test_a_typographic_apostrophe_is_an_apostrophe(text: str, same: str) -> None:
    assert to_tokens(text) == [same]


def test_quotation_marks_are_no_part_of_a_word() -> None:
    assert to_tokens("'agi' ‘agi’ \"agi\" agi' 'agi") == ["agi"] * 5


# Terms


@pytest.mark.parametrize(
    "words",
    [
        "model models modelled modelling",
        "scale scaling scaled scales",
        "learn learned learning learnt",
        "neuron neurons",
        "predict predicts predicted predicting",
    ],
)
def test_the_forms_of_a_word_are_one_term(words: str) -> None:
    assert len(set(to_terms(words))) == 1


@pytest.mark.parametrize(
    ("first", "second"), [("train", "trait"), ("scale", "scalar"), ("neuron", "neutron"), ("based", "basis")]
)
def test_different_words_are_different_terms(first: str, second: str) -> None:
    assert to_term(first) != to_term(second)


@pytest.mark.parametrize(
    "words",
    [
        "grow grew grown growing grows",
        "steal stole stolen stealing",
        "think thought",
        "teach taught teaching",
        "understand understood understanding",
        "child children",
        "matrix matrices",
        "hypothesis hypotheses",
    ],
)
def test_an_irregular_form_is_its_base(words: str) -> None:
    assert len(set(to_terms(words))) == 1


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("behaviour", "behavior"),
        ("generalise", "generalize"),
        ("generalisation", "generalization"),
        ("optimise", "optimize"),
        ("programme", "program"),
        ("centre", "center"),
        ("maths", "math"),
        ("sceptic", "skeptic"),
    ],
)
def test_british_and_american_spellings_are_one_term(british: str, american: str) -> None:
    assert to_terms(british) == to_terms(american) != []


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("generalised", "generalized"),
        ("generalises", "generalizes"),
        ("optimising", "optimizing"),
        ("behaviours", "behaviors"),
        ("coloured", "colored"),
        ("centres", "centers"),
        ("sceptics", "skeptics"),
    ],
)
def test_inflected_british_and_american_spellings_are_one_term(british: str, american: str) -> None:
    assert to_terms(british) == to_terms(american) != []


@pytest.mark.parametrize("text", ["Ilya's", "Ilya’s", "ILYA'S"])
def test_a_possessive_is_its_word(text: str) -> None:
    assert to_terms(text) == to_terms("Ilya")


@pytest.mark.parametrize(
    ("possessive", "word"), [("models'", "models"), ("children's", "children"), ("women’s", "women")]
)
def test_the_possessive_of_a_plural_is_its_word(possessive: str, word: str) -> None:
    assert to_terms(possessive) == to_terms(word) != []


def test_stop_words_are_no_terms() -> None:
    assert to_terms("What is the meaning of it all?") == [to_term("meaning")]
    assert without_stop_words(["what", "is", "the", "meaning"]) == ["meaning"]


def test_every_word_of_the_lists_is_written_as_the_analyzer_writes_it() -> None:
    assert {word for word in STOP_WORDS | WEAK_WORDS if to_tokens(word) != [word]} == set()


def test_no_irregular_form_hides_another_word_of_the_list() -> None:
    assert {form for form, base in BASE_FORMS.items() if base in BASE_FORMS} == set()
    assert {form for form, base in BASE_FORMS.items() if form == base} == set()
    assert {form for form in BASE_FORMS if to_tokens(form) != [form]} == set()


# Any text


@given(WILD)
@example("\ud800 agi")
@example("İstanbul ŉ ǰ ΐ ﬀ")
@example("'''a''b'c'")
@example("a-1-2-3--4")
def test_any_text_has_terms_without_spaces_or_capitals(text: str) -> None:
    tokens = to_tokens(text)
    assert all(token and not token.isspace() and token == token.casefold() for token in tokens)
    assert all(to_terms(text)) or to_terms(text) == []
    assert len(to_terms(text)) <= len(tokens)


@given(WILD)
def test_the_words_of_words_are_the_same_words(text: str) -> None:
    tokens = to_tokens(text)
    assert to_tokens(" ".join(tokens)) == tokens


@given(WILD, WILD)
def test_a_text_has_the_terms_of_its_parts_in_order(first: str, second: str) -> None:
    assert to_terms(f"{first}\n{second}") == to_terms(first) + to_terms(second)


@given(st.text(st.sampled_from("abcGPT-'’ 13"), max_size=20))
def test_case_does_not_matter(text: str) -> None:
    assert to_terms(text.upper()) == to_terms(text.lower())
