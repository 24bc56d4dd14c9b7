"""Small real distributions of data sources, built as wheels by hand and unpacked as an installer does."""

import base64
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

GROUP = "closing_host.data_sources"

HEAD = """\
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.source import Files, Origin, RateLimit, SourceInfo, TokenHeader, from_setting
"""

DESCRIBED = HEAD + "\n@hookimpl\ndef describe_source():\n    return SourceInfo(name='Books'{more})\n"


def describing(more: str = "", after: str = "", before: str = "") -> str:
    """A module whose `SourceInfo` has the further arguments `more`, with code around it."""
    described = DESCRIBED.replace("{more}", f", {more}" if more else "")
    return f"{before}\n{described}\n{after}"


def install(
    site: Path,
    name: str,
    entry_points: str,
    modules: Mapping[str, str],
    *,
    version: str = "1.0",
    metadata: str | None = None,
) -> None:
    """Build the wheel of one distribution beside `site` and unpack it there.

    `entry_points`: the whole entry_points.txt. `modules`: file name to source. `metadata` replaces METADATA.
    """
    info = f"{name}-{version}.dist-info"
    files = {path: text.encode() for path, text in modules.items()}
    stated = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" if metadata is None else metadata
    files[f"{info}/METADATA"] = stated.encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = entry_points.encode()
    record = "".join(f"{path},sha256={_digest(content)},{len(content)}\n" for path, content in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    site.mkdir(exist_ok=True)
    wheel = site.parent / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)


def install_source(site: Path, id: str, source: str, *, attribute: str = "", version: str = "1.0") -> None:
    """Install a distribution `source-<id>` with one module and one entry point `id`."""
    module = f"source_{id.replace('-', '_')}"
    value = f"{module}:{attribute}" if attribute else module
    install(site, module, f"[{GROUP}]\n{id} = {value}\n", {f"{module}.py": source}, version=version)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
