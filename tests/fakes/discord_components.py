"""What Discord takes as the components of a message: rows of buttons and selects, and the second layout.

Numbers: Discord's documentation, components/reference; the 4000 characters of all text displays: discord.py's ui/view.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from tests.fakes.discord_refusals import Form, Json

Where = tuple[str | int, ...]

V2 = 1 << 15
ROW, BUTTON, SELECT = 1, 2, 3
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LINK, PREMIUM = 5, 6

MOST_ROWS = 5
MOST_IN_ALL = 40
MOST_V2_TEXT = 4000

# Emoji outside the pictographic planes (Unicode's emoji-data.txt); a symbol that only looks like one is refused.
_SIGNS = re.compile(
    r"[#*0-9]\ufe0f?\u20e3|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    r"\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618"
    r"\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665"
    r"\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd"
    r"\u26be\u26c4\u26c5\u26c8\u26ce\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705"
    r"\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757"
    r"\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297"
    r"\u3299]"
)


def walk(components: list[Json]) -> Iterator[Json]:
    """Give every component, with those inside others."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if accessory := component.get("accessory"):
            yield accessory


def check_components(form: Form, components: object, *, is_v2: bool) -> None:
    """Note the faults of a message's components in a form."""
    top = form.rows(("components",), components, MOST_IN_ALL if is_v2 else MOST_ROWS)
    for number, component in enumerate(top):
        _check_component(form, ("components", number), component, is_v2=is_v2)
    _check_unique(form, ("components",), top, set())
    everything = list(walk(top))
    if is_v2 and len(everything) > MOST_IN_ALL:
        form.fault(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"At most {MOST_IN_ALL} in all.")
    if sum(len(one.get("content") or "") for one in everything if one.get("type") == TEXT) > MOST_V2_TEXT:
        form.fault(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Displayable text is too long.")


def _check_component(form: Form, where: Where, component: Json, *, is_v2: bool) -> None:
    kind = component.get("type")
    allowed = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER) if is_v2 else (ROW,)
    form.choice((*where, "type"), kind, allowed)
    if kind == ROW:
        _check_row(form, where, component)
    elif kind == TEXT:
        form.text((*where, "content"), component.get("content"), MOST_V2_TEXT, least=1)
    elif kind == GALLERY:
        form.rows((*where, "items"), component.get("items"), 10, least=1)
    elif kind == SECTION:
        _check_section(form, where, component)
    elif kind == CONTAINER:
        for number, inner in enumerate(form.rows((*where, "components"), component.get("components"), MOST_IN_ALL)):
            form.choice((*where, "components", number, "type"), inner.get("type"), allowed[:-1])
            _check_component(form, (*where, "components", number), inner, is_v2=True)


def _check_row(form: Form, where: Where, row: Json) -> None:
    inner = form.rows((*where, "components"), row.get("components"), 5, least=1)
    selects = [one for one in inner if one.get("type") in SELECTS]
    if selects and len(inner) > 1:
        form.fault(
            (*where, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for number, one in enumerate(inner):
        form.choice((*where, "components", number, "type"), one.get("type"), (BUTTON, *SELECTS))
        check = _check_button if one.get("type") == BUTTON else _check_select
        check(form, (*where, "components", number), one)


def _check_section(form: Form, where: Where, section: Json) -> None:
    for number, text in enumerate(form.rows((*where, "components"), section.get("components"), 3, least=1)):
        form.choice((*where, "components", number, "type"), text.get("type"), (TEXT,))
        form.text((*where, "components", number, "content"), text.get("content"), MOST_V2_TEXT, least=1)
    accessory = section.get("accessory") or {}
    form.choice((*where, "accessory", "type"), accessory.get("type"), (BUTTON, THUMBNAIL))
    if accessory.get("type") == BUTTON:
        _check_button(form, (*where, "accessory"), accessory)


def _check_button(form: Form, where: Where, button: Json) -> None:
    style, emoji = button.get("style"), button.get("emoji")
    form.choice((*where, "style"), style, (1, 2, 3, 4, LINK, PREMIUM))
    label = form.text((*where, "label"), button.get("label"), 80)
    if style == PREMIUM:
        return
    if not label and not emoji:
        form.fault(where, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji must be specified")
    _check_emoji(form, (*where, "emoji"), emoji)
    if style == LINK:
        form.url((*where, "url"), button.get("url"), ("http", "https", "discord"), most=512)
        if button.get("custom_id"):
            code = "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"
            form.fault(where, code, "A custom id and url cannot both be specified")
        return
    form.text((*where, "custom_id"), button.get("custom_id"), 100, least=1)
    if button.get("url"):
        form.fault(where, "BUTTON_COMPONENT_INVALID_FIELD", "A url is for link buttons only")


def _check_select(form: Form, where: Where, select: Json) -> None:
    form.text((*where, "custom_id"), select.get("custom_id"), 100, least=1)
    form.text((*where, "placeholder"), select.get("placeholder"), 150)
    if select.get("type") != SELECT:
        return
    options = form.rows((*where, "options"), select.get("options"), 25, least=1)
    values: list[object] = []
    for number, option in enumerate(options):
        place = (*where, "options", number)
        form.text((*place, "label"), option.get("label"), 100, least=1)
        form.text((*place, "value"), option.get("value"), 100, least=1)
        form.text((*place, "description"), option.get("description"), 100)
        _check_emoji(form, (*place, "emoji"), option.get("emoji"))
        if option.get("value") in values:
            form.fault(
                (*place, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        values.append(option.get("value"))


def _check_emoji(form: Form, where: Where, emoji: Json | None) -> None:
    if emoji and not emoji.get("id") and not is_emoji(str(emoji.get("name") or "")):
        form.fault((*where, "name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")


def is_emoji(name: str) -> bool:
    """Whether a text is one of Unicode's emoji and nothing else (near enough: sequences are not looked up)."""
    if not name or any(
        unicodedata.category(character)[0] in "LPZ" for character in name if character not in "*#‼⁉〰〽"
    ):
        return False
    return bool(_SIGNS.match(name)) or 0x1F000 <= ord(name[0]) <= 0x1FAFF


def _check_unique(form: Form, where: Where, components: list[Json], seen: set[str]) -> None:
    for number, component in enumerate(components):
        custom_id = component.get("custom_id")
        if isinstance(custom_id, str):
            if custom_id in seen:
                code = "COMPONENT_CUSTOM_ID_DUPLICATED"
                form.fault((*where, number, "custom_id"), code, "Component custom id cannot be duplicated")
            seen.add(custom_id)
        inner = [*(component.get("components") or []), *filter(None, [component.get("accessory")])]
        _check_unique(form, (*where, number, "components"), inner, seen)
