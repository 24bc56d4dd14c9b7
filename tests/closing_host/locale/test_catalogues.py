"""Every word has its Swedish, every place in it is filled, no Swedish is left over."""

import ast
import importlib
import pkgutil
import re
import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
PACKAGES = ("closing_host", "datasource_fortnox")


@cache
def swedish(package: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((ROOT / "src" / package / "locale" / "sv").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="sv"):
                if message.id:
                    if isinstance(message.id, (tuple, list)):
                        found |= dict(zip(message.id, message.string or (), strict=True))
                    else:
                        found[message.id] = str(message.string)
    return found


@cache
def spoken(package: str) -> dict[str, str]:
    """English text to the place that says it: literals handed to `.text(`, `.texts(`, `.plural(`, tables of their
    module of which one value is handed over (`.text(TABLE[name])`), coded messages."""
    found: dict[str, str] = {}
    modules = (ROOT / "src" / package).rglob("*.py")
    for path in sorted(each for each in modules if "migrations" not in each.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                count = {"text": 1, "plural": 2, "texts": len(node.args)}.get(node.func.attr, 0)
                for argument in node.args[:count]:
                    found |= {words: f"{path.name}:{node.lineno}" for words in handed_over(argument, path) if words}
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field":
                for each in (each for each in node.keywords if each.arg in ("title", "description")):
                    found |= dict.fromkeys(handed_over(each.value, path), f"{path.name}:{node.lineno}")
    for area, messages in coded(package).items():
        found |= {english: f"{area}: {code}" for code, english in messages.items()}
    if package == "closing_host":
        from closing_host.cli.app import COMMANDS
        from closing_host.cli.compare import TITLES, VALUES

        found |= {words: "COMMANDS" for _, _, group, help_text in COMMANDS for words in (group, help_text)}
        found |= {words: "compare" for table in (TITLES, VALUES) for words in table.values()}
        found |= said_by_pages()
    return found


def handed_over(argument: ast.expr, path: Path) -> list[str]:
    """The texts that an argument may be; none for one that is not written in its module."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return [*handed_over(argument.body, path), *handed_over(argument.orelse, path)]
    if isinstance(argument, ast.Subscript) and isinstance(argument.value, ast.Name):
        module = importlib.import_module(".".join(path.relative_to(ROOT / "src").with_suffix("").parts))
        return list(getattr(module, argument.value.id, {}).values())
    return []


def said_by_pages() -> dict[str, str]:
    """What templates hand to `t` and `n`, which must be literals."""
    from jinja2 import nodes

    from closing_host.web.pages import environment

    found: dict[str, str] = {}
    templates = (ROOT / "src" / "closing_host" / "web" / "templates").glob("*.html")
    for path in sorted(templates):
        for call in environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
            count = {"t": 1, "n": 2}.get(call.node.name, 0) if isinstance(call.node, nodes.Name) else 0
            for argument in call.args[:count]:
                assert isinstance(argument, nodes.Const), path.name
                found[argument.value] = path.name
    assert len(found) > 100
    return found


def coded(package: str) -> dict[str, dict[str, str]]:
    try:
        folder = importlib.import_module(f"{package}.locale.messages")
    except ModuleNotFoundError:
        return {}
    return {
        each.name: dict(importlib.import_module(f"{folder.__name__}.{each.name}").MESSAGES)
        for each in pkgutil.iter_modules(folder.__path__)
    }


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_text_has_its_swedish(package: str) -> None:
    translated = swedish(package)
    missing = {english: where for english, where in spoken(package).items() if not translated.get(english)}
    assert missing == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_swedish_is_left_over(package: str) -> None:
    assert set(swedish(package)) - set(spoken(package)) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_text_has_one_swedish(package: str) -> None:
    """Areas share one catalogue: what two of them say differently is said by chance."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "src" / package / "locale" / "sv").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="sv"):
                if message.id:
                    found.setdefault(str(message.id), set()).add(str(message.string))
    assert {english: texts for english, texts in found.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_both_languages_have_the_same_places(package: str) -> None:
    assert {english for english, text in swedish(package).items() if places(english) != places(text)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_code_has_words_in_one_area_only(package: str) -> None:
    areas = coded(package)
    codes = [code for messages in areas.values() for code in messages]
    assert sorted(codes) == sorted(set(codes))


def test_pages_say_nothing_but_by_the_catalogue() -> None:
    """Letters between tags, or in attributes that are read out, must come from `t` or `n`. Attributes also stand
    outside of tags, in macros; and addresses of help in blocks."""
    spoken_attributes = re.compile(r'(?:aria-label|placeholder|title|alt)="([^"]*)"')
    unspoken = re.compile(r'<code>.*?</code>|<[^>]*>|\b[a-z]+(-[a-z]+)*="[^"]*"|\bautofocus\b|/help/[a-z-]+', re.DOTALL)
    for path in (ROOT / "src" / "closing_host" / "web" / "templates").glob("*.html"):
        source = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", path.read_text("utf-8"), flags=re.DOTALL)
        words = unspoken.sub(" ", source)
        assert not re.search(r"[A-Za-zÅÄÖåäö]{2,}", words), (path.name, words.split())
        for said in spoken_attributes.findall(source):
            assert not re.search(r"[A-Za-z]{2,}", said), (path.name, said)


LABELS = {
    "Import from {source}": "Importera från {source}",
    "Data source": "Datakälla",
    "Maintenance – Settings – Data source": "Underhåll – Inställningar – Datakälla",
    "Start guide": "Startguiden",
    "Disconnect": "Koppla bort",
    "Account analysis": "Kontoanalys",
    "Processing history": "Behandlingshistorik",
    "Import checks": "Importkontroller",
    "Is this right?": "Stämmer det?",
    "Connect without sub-ledger": "Koppla utan reskontra",
    "My engagements": "Mina uppdrag",
    "Import selected": "Importera valda",
}
"""Labels that stand exactly so (P 0, P 7.7, P 7.8, issue 6)."""


def test_promised_labels_stand_exactly_so() -> None:
    translated = swedish("closing_host")
    assert {english: translated.get(english) for english in LABELS} == LABELS
