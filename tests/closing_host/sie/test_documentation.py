"""docs/sie.md says what the code does. `PAGE.write_text(filled())` makes its tables anew."""

import re
from pathlib import Path

import pytest

from closing_host.cli import demo_company
from closing_host.locale.messages.sie import MESSAGES
from closing_host.sie import chart, label_rules, records
from closing_host.sie.findings import SEVERITIES, Findings
from closing_host.sie.header import Header
from closing_host.sie.labels import LABELS
from sie_text import codes, ledger

PAGE = Path(__file__).parents[3] / "docs" / "sie.md"


def table(columns: list[str], lines: list[list[str]]) -> str:
    """A Markdown table."""
    shown = [columns, ["---"] * len(columns), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in shown)


def filled() -> str:
    """The page with its tables made anew from the code."""
    labels = [
        [f"#{name}", each.fields, f"`{each.kept}`" if each.kept else "not kept", each.note]
        for name, each in LABELS.items()
    ]
    findings = [[f"`{code}`", severity, MESSAGES[code]] for code, severity in SEVERITIES.items()]
    text = PAGE.read_text(encoding="utf-8")
    for name, made in (
        ("labels", table(["label", "fields", "kept in", "remark"], labels)),
        ("findings", table(["code", "severity", "what it says"], findings)),
    ):
        start = text.index(f"<!-- {name} -->\n") + len(f"<!-- {name} -->\n")
        text = f"{text[:start]}\n{made}\n\n{text[text.index('<!-- end -->', start) :]}"
    return text


def test_tables_of_the_page_are_those_of_the_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == filled()


def test_every_label_of_the_format_is_listed() -> None:
    assert set(LABELS) == set(label_rules.GROUPS) | {"KSUMMA"}


def test_every_listed_label_has_a_reader() -> None:
    header = Header(Findings())
    read = {label for label in LABELS if header.takes(label)}
    read |= chart.LABELS | records.BALANCES | set(records.ROW_KINDS) | {"VER", "KSUMMA"}
    assert read == set(LABELS)


@pytest.mark.parametrize("label", sorted(LABELS))
def test_listed_labels_are_never_unknown(label: str) -> None:
    assert "sie-label-unknown" not in codes(ledger(f"#{label} 0\n#{label.lower()} 0\n"))


def test_example_of_the_page_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    (tmp_path / "before.se").write_bytes((Path(*demo_company.__path__) / "before.se").read_bytes())
    monkeypatch.chdir(tmp_path)
    exec(compile(example[1], str(PAGE), "exec"), {})  # the page is ours
    said = capsys.readouterr().out
    assert "SIE 4E" in said
    assert "booked rows" in said
