"""A page read as a browser reads it: what it says, where it leads, and what in it could do something."""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "src" / "closing_host" / "web" / "templates"
ADDRESSES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "poster", "data")
ACTIVE = ("style", "srcdoc", "srcset", "formaction", "ping", "manifest", "http-equiv", "xlink:href")


@dataclass
class Read:
    """`wrong`: tags and attributes that no template writes, and addresses that lead elsewhere."""

    source: str
    text: str = ""
    addresses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@cache
def written() -> tuple[frozenset[str], frozenset[str]]:
    """The tags, and the names of attributes, that the templates and the help write."""
    sources = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.glob("*.html")))
    tags = re.findall(r"<([a-z][a-z0-9]*)\b", sources)
    stated = re.sub(r"{{.*?}}", "", sources).lower()
    names = [each[0] or each[1] for each in re.findall(r"""\s([a-z][a-z0-9:-]*)="|\s(data-[a-z-]+)""", stated)]
    flags = (
        "autofocus",
        "checked",
        "selected",
        "disabled",
        "required",
        "multiple",
        "novalidate",
        "formnovalidate",
        "hidden",
    )
    return frozenset((*tags, "em")), frozenset((*names, *flags, "download", "readonly", "defer", "open"))


class _Reader(HTMLParser):
    def __init__(self, read: Read) -> None:
        super().__init__(convert_charrefs=True)
        self._read = read
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tags, names = written()
        if tag not in tags:
            self._read.wrong.append(f"<{tag}>")
        for name, value in attrs:
            stated = value or ""
            self._said.append(stated)
            if name not in names or name.startswith("on") or name in ACTIVE:
                self._read.wrong.append(f"<{tag} {name}={stated[:40]}>")
            if name in ADDRESSES:
                if name != "hx-post" and not (name == "action" and dict(attrs).get("method") == "post"):
                    self._read.addresses.append(stated)
                if not re.match(r"/(?![/\\])|[?#]|$", stated) and (tag != "a" or not stated.startswith("https://")):
                    self._read.wrong.append(f"<{tag} {name}={stated[:40]}>")
        if tag == "script" and not str(dict(attrs).get("src")).startswith("/static/"):
            self._read.wrong.append("<script> without an address of ours")

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    def handle_comment(self, data: str) -> None:
        self._read.wrong.append(f"<!--{data[:40]}-->")

    def unknown_decl(self, data: str) -> None:
        self._read.wrong.append(f"<![{data[:40]}]>")

    def handle_pi(self, data: str) -> None:
        self._read.wrong.append(f"<?{data[:40]}>")

    def close(self) -> None:
        super().close()
        self._read.text = " ".join(" ".join(self._said).split())


def read_page(source: str) -> Read:
    """What the page is to a browser."""
    read = Read(source)
    reader = _Reader(read)
    reader.feed(source)
    reader.close()
    return read
