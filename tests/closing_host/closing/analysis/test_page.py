from pathlib import Path

from closing_host.closing.analysis import CHECKS
from closing_host.locale.messages.analysis import MESSAGES

PAGE = Path(__file__).parents[4] / "docs" / "transaction-analysis.md"


def test_the_page_lists_every_check_with_its_mark_and_its_rule() -> None:
    listed = [line.split(" | ")[:4] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| TA")]
    assert listed == [
        [f"| {each.id}", MESSAGES[each.code], each.mark, MESSAGES[f"{each.code}-rule"]] for each in CHECKS
    ]


def test_every_check_and_parameter_has_its_words() -> None:
    wanted = {f"{each.code}{part}" for each in CHECKS for part in ("", "-rule", "-found")}
    wanted |= {f"analysis-parameter-{parameter.name}" for each in CHECKS for parameter in each.parameters}
    assert wanted <= MESSAGES.keys()
