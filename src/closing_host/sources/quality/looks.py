"""What a machine finds by looking at a source: its declaration, words, help and code. Each says what is wrong."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from pydantic import BaseModel

from closing_host.api import CONTRACT_VERSION
from closing_host.locale import LANGUAGES, english_by_code, is_translated
from closing_host.sources.quality.subject import Subject

LONGEST_MODULE: Final = 400
"""Lines of one module of a source (design 7)."""

OWN_NETWORK: Final = frozenset(
    {"aiohttp", "ftplib", "http.client", "requests", "smtplib", "socket", "urllib.request", "urllib3", "websockets"}
)
"""Modules by which a source would call past `context.http`."""

_TELLING: Final = ("Choose ", "Enter ", "Fill ", "Give ", "State ", "Write ")
"""How words begin that are themselves the next step, such as those of a form's field."""

_CLIENTS: Final = frozenset({"AsyncClient", "Client", "delete", "get", "post", "put", "request", "stream"})


def contract(subject: Subject) -> str:
    """Versions that are not out yet are promised by nobody."""
    major, minor = subject.info.contract[1]
    limit = (CONTRACT_VERSION[0], CONTRACT_VERSION[1] + 1) if CONTRACT_VERSION[0] == 0 else (CONTRACT_VERSION[0] + 1, 0)
    return "" if (major, minor) <= limit else f"before {major}.{minor}"


def large_modules(subject: Subject) -> str:
    """Modules longer than `LONGEST_MODULE` lines."""
    lengths = {name: getattr(tree.body[-1], "end_lineno", 0) for name, tree in subject.code.items() if tree.body}
    return _listed(f"{name}: {length}" for name, length in lengths.items() if length > LONGEST_MODULE)


def floats(subject: Subject) -> str:
    """Calls of `float`."""
    return _listed(_calls(subject, lambda function: isinstance(function, ast.Name) and function.id == "float"))


def own_network(subject: Subject) -> str:
    """Imports of other network libraries, and clients of its own."""
    return _listed([*_network_imports(subject), *_calls(subject, _is_own_client)])


def untyped(subject: Subject) -> str:
    """Functions with a parameter or result without type, and a package that does not say that it is typed."""
    package = next((each for each in (subject.folder, *subject.folder.parents) if (each / "py.typed").is_file()), None)
    missing = [] if package is not None else ["py.typed"]
    for name, tree in subject.code.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_typed(node):
                missing.append(f"{name}:{node.lineno}")
    return _listed(missing)


def without_help(subject: Subject) -> str:
    """Help in each language, with what importing does (`{#import}`)."""
    return _without_anchors(subject, "import")


def without_connection_help(subject: Subject) -> str:
    """How to connect and disconnect, and what to do when the login has run out."""
    return _without_anchors(subject, "connect", "disconnect", "thirty-days")


def without_limits_help(subject: Subject) -> str:
    """What it cannot do (`{#limits}`), and what to do when something does not work (`{#troubleshooting}`)."""
    return _without_anchors(subject, "limits", "troubleshooting")


def unexplained_settings(subject: Subject) -> str:
    """Settings whose label the help does not mention."""
    english = " ".join(subject.help.get("en", "").casefold().split())
    return _listed(title for title in _titles(subject) if title.casefold() not in english)


def untranslated_labels(subject: Subject) -> str:
    """Labels of settings without Swedish."""
    return _listed(title for title in _titles(subject) if not is_translated(subject.info.package, title))


def untranslated_errors(subject: Subject) -> str:
    """Codes of its own without Swedish words."""
    return _listed(
        code for code, english in _messages(subject).items() if not is_translated(subject.info.package, english)
    )


def without_next_step(subject: Subject) -> str:
    """Words of its own errors that say what happened and not what to do."""
    return _listed(
        code
        for code, english in _messages(subject).items()
        if not (_has_two_sentences(english) or english.startswith(_TELLING))
    )


def _messages(subject: Subject) -> dict[str, str]:
    """Code to text of what it tells; labels, which are their own code, and words of stages are not told."""
    if not subject.info.package:
        return {}
    stated = english_by_code(subject.info.package)
    return {code: text for code, text in stated.items() if "-" in code and code != text}


def _has_two_sentences(text: str) -> bool:
    return len(re.findall(r"[.!?:;](?:\s|$)", text)) > 1


def _titles(subject: Subject) -> Iterator[str]:
    models: tuple[type[BaseModel] | None, ...] = (subject.info.installation, subject.info.engagement)
    for model in models:
        for name, field in (model.model_fields if model is not None else {}).items():
            yield field.title or name


def _without_anchors(subject: Subject, *anchors: str) -> str:
    return _listed(
        f"help/{language}.md {{#{anchor}}}"
        for language in LANGUAGES
        for anchor in anchors
        if not re.search(rf"^#.*\{{#{anchor}\}}\s*$", subject.help.get(language, ""), re.MULTILINE)
    )


def _network_imports(subject: Subject) -> Iterator[str]:
    for name, tree in subject.code.items():
        for node in ast.walk(tree):
            imported = {each.name for each in node.names} if isinstance(node, ast.Import) else set()
            if isinstance(node, ast.ImportFrom):
                imported = {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
            if imported & OWN_NETWORK:
                yield f"{name}: {', '.join(sorted(imported & OWN_NETWORK))}"


def _is_own_client(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _CLIENTS
        and isinstance(function.value, ast.Name)
        and function.value.id == "httpx"
    )


def _calls(subject: Subject, wanted: Callable[[ast.expr], bool]) -> Iterator[str]:
    for name, tree in subject.code.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and wanted(node.func):
                yield f"{name}:{node.lineno}"


def _is_typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    starred = [each for each in (node.args.vararg, node.args.kwarg) if each is not None]
    untyped = [each for each in (*given, *starred) if each.annotation is None and each.arg not in ("self", "cls")]
    return node.returns is not None and not untyped


def _listed(wrong: Iterable[str]) -> str:
    return ", ".join(wrong)
