"""Switches: names, values, documentation."""

from typing import Any

import pytest

from datasource_fortnox.simulator.switches import SwitchError, Switches


def test_changing_gives_a_copy() -> None:
    first = Switches()
    assert first.changed({"retry_after": 5, "rate_window_s": 6}).retry_after == 5
    assert first.retry_after is None


@pytest.mark.parametrize(
    "change", [{"nosuch": 1}, {"rate_body": "xml"}, {"rate_max": None}, {"retry_after": "soon"}, {"sie_form": 2025}]
)
def test_what_does_not_exist_or_fit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SwitchError):
        Switches().changed(change)


def test_the_manual_names_every_switch_with_its_default(pytestconfig: pytest.Config) -> None:
    manual = (pytestconfig.rootpath / "docs" / "fortnox-simulator.md").read_text()
    rows = {name: str(value) for name, value in Switches().as_dict().items()}
    assert [name for name, value in rows.items() if f"| `{name}` | `{value}` |" not in manual] == []
