"""The contract as text: every public name of `closing_host.api` with its signature, nothing else.

`released/<version>.txt` holds it as it was when that version was released; the test compares. `make contract` writes
the one of today, which is done when a version is released and never to make a test pass.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

API: Final = Path(__file__).parents[1] / "src" / "closing_host" / "api"
RELEASED: Final = Path(__file__).parent / "closing_host" / "api" / "released"

INTERNAL: Final = frozenset({"bulk", "records"})
"""Modules that stand in `api` for its own use: no source imports them."""

_TITLE: Final = "# --- {}\n"


def modules() -> dict[str, str]:
    """The public modules of today, by name, as stubs."""
    paths = sorted(each for each in API.glob("*.py") if each.stem not in INTERNAL)
    return {path.stem: stub(path.read_text("utf-8")) for path in paths}


def joined(stubs: Mapping[str, str]) -> str:
    """Several stubs as one text."""
    return "\n".join(_TITLE.format(name) + text for name, text in stubs.items())


def split(text: str) -> dict[str, str]:
    """What `joined` joined."""
    parts = re.split(r"^# --- (\w+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (each.rstrip("\n") + "\n" for each in parts[1::2]), strict=True))


def stub(source: str) -> str:
    """A module without docstrings, bodies, and names that begin with an underscore."""
    tree = ast.parse(source)
    tree.body = list(_public(tree.body))
    return ast.unparse(tree) + "\n"


def _public(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if _is_public(name):
                node.body = [ast.Expr(ast.Constant(...))]
                yield node
            case ast.ClassDef(name=name) if _is_public(name):
                node.body = list(_public(node.body)) or [ast.Expr(ast.Constant(...))]
                yield node
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]) if _is_public(name):
                yield node
            case ast.Import() | ast.ImportFrom() | ast.If():
                yield node


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name == "__init__"


if __name__ == "__main__":
    from closing_host.api import CONTRACT_VERSION

    target = RELEASED / f"{'.'.join(map(str, CONTRACT_VERSION))}.txt"
    target.parent.mkdir(exist_ok=True)
    target.write_text(joined(modules()), "utf-8")
    print(target)
