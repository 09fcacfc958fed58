from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from adapters.discord.markdown import FILLERS, HIDDEN, JOINER, escape, plain
from adapters.discord.render import fit
from tests.adapters.discord.wild import TEXTS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("scaling laws, 100% of it (yes)", "scaling laws, 100% of it (yes)"),
        ("**bold** _it_ ~~gone~~ ||secret||", r"\*\*bold\*\* \_it\_ \~\~gone\~\~ \|\|secret\|\|"),
        ("```js", r"\`\`\`js"),
        ("[x](http://y)", r"\[x\](http:\//y)"),
        ("www.x.example and discord.gg/abc", r"www\.x.example and discord\.gg/abc"),
        ("@everyone, @HERE and a@b", r"\@everyone, \@HERE and a@b"),
        ("<@1> <#2> <:a:3>", r"\<@1> \<#2> \<\:a:3>"),
        ("# big", r"\# big"),
        ("> said", r"\> said"),
        ("- one", r"\- one"),
        ("1. one", r"1\. one"),
        ("a\nb\t c", "a b c"),
        ("back\\slash", r"back\\slash"),
        ("\u202eturned\u202c", "turned"),
        ("ze\u200bro\u00ad", "zero"),
        ("\x00\x1b[31m", r"\[31m"),
        ("e\u0301t\u0301", "e\u0301t\u0301"),
        ("z" + "\u0301" * 40, "z" + "\u0301" * 3),
        ("日本語 🙂 Żółć", "日本語 🙂 Żółć"),
        (":fire: at 10:30:15", r"\:fire: at 10\:30:15"),
        ("discord.com/invite/x", r"discord\.com/invite/x"),
        ("discordapp.com/invite/x", r"discordapp\.com/invite/x"),
        ("a\u3164\u2800b", "ab"),
        ("\U0001f469\u200d\U0001f467 \u200dx\u200d", "\U0001f469\u200d\U0001f467 x"),
    ],
)
def test_what_discord_would_format_is_shown_as_it_stands(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(TEXTS)
def test_nothing_hidden_is_left_and_all_is_one_line(text: str) -> None:
    for done in (plain(text), escape(text)):
        seen = done.replace(JOINER, "")
        assert not {unicodedata.category(character) for character in seen} & HIDDEN
        assert not FILLERS & set(seen)
        assert done == " ".join(done.split())


@given(TEXTS)
def test_only_backslashes_are_added(text: str) -> None:
    assert escape(text).replace("\\", "") == plain(text).replace("\\", "")


@given(TEXTS)
def test_a_cut_leaves_no_half_escape_and_keeps_the_limit(text: str) -> None:
    escaped = escape(text)
    for longest in (0, 1, 2, 7, 100, 2000):
        cut = fit(escaped, longest)
        assert len(cut) <= longest
        assert (len(cut.removesuffix("…")) - len(cut.removesuffix("…").rstrip("\\"))) % 2 == 0
        assert cut == escaped or not longest or cut.endswith("…")
