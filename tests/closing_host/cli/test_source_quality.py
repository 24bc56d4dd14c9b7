from .conftest import Closing


def test_without_the_kit_nothing_is_promised(closing: Closing) -> None:
    said = closing("source", "quality", "sie4")
    assert said.code == 1
    assert "SIE: tier none yet." in said.words
    assert "bronze ? described Describes itself the same each time" in said.words
    assert "were not run: name them with --kit PATH" in said.words
    everything = closing("--lang", "sv", "source", "quality", "sie4", "--all").words
    assert "brons ✓ contract Lovar ingen version" in everything
    assert "brons – help-connection" in everything


def test_programs_get_every_rule(closing: Closing) -> None:
    said = closing("source", "quality", "fortnox", "--json").data
    assert said["tier"] is None
    by_id = {each["id"]: each for each in said["rules"]}
    assert by_id["no-floats"]["verdict"] == "exempt"
    assert by_id["owner"]["verdict"] == "stated"
    assert by_id["described"]["verdict"] == "not-tried"


def test_a_source_that_is_not_there_is_told(closing: Closing) -> None:
    assert closing("source", "quality", "nowhere").code == 7
