"""The code of docs/connections.md runs as it stands there, against a source in memory."""

import re
import textwrap
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from closing_host.api.context import ImportRequest
from closing_host.sources.context import running_context
from closing_host.transfers.connections import Connections
from closing_host.transfers.logins import Logins
from fake_books import CALLBACK, open_firm
from stored_books import ANNA

PAGE = Path(__file__).parents[2] / "docs" / "connections.md"

pytestmark = pytest.mark.anyio


async def test_the_example_connects_imports_and_renews(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    firm = open_firm(tmp_path / "data")

    async def browser(url: str) -> dict[str, str]:
        return {**dict(parse_qsl(urlsplit(url).query)), "code": "c"}

    names: dict[str, Any] = {
        "Connections": lambda store, sources: Connections(store, sources, keyring=firm.connections.keyring),
        "Logins": Logins,
        "running_context": running_context,
        "store": firm.store,
        "sources": firm.connections.sources,
        "engagement_id": firm.engagement_id,
        "callback": CALLBACK,
        "session": "s",
        "actor": ANNA,
        "browser": browser,
        "request": ImportRequest(),
    }
    body = textwrap.indent(code, "    ")
    exec(f"async def example():\n{body}\n    return made, ledger", names)
    made, ledger = await names["example"]()

    assert made.view.state == "connected"
    assert ledger.rows.height == 2
    assert firm.view().imported_at == firm.clock()
    firm.store.close()
