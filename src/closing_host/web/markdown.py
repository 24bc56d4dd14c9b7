"""Help texts as HTML. They come with the program and its sources, and still nothing in them can become a script."""

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

_ANCHOR: Final = re.compile(r"\s*\{#([a-z0-9-]+)\}$")


def html_of(text: str) -> Markup:
    """The text's HTML: CommonMark without raw HTML and without images; only safe addresses become links.

    A heading that ends in `{#name}` gets `name` as its anchor, the same in every language.
    """
    # markdown-it escapes what it renders, and raw HTML is off.
    return Markup(_renderer().render(text))  # noqa: S704


@cache
def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).disable("image")
    made.core.ruler.push("anchors", _anchors)
    return made


def _anchors(state: StateCore) -> None:
    for opening, content in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type != "heading_open" or not content.children:
            continue
        last = content.children[-1]
        if (found := _ANCHOR.search(last.content)) is not None:
            opening.attrSet("id", found[1])
            last.content = last.content[: found.start()]
