from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import DataError
from closing_host.closing.entries import YEAR_END
from closing_host.locale import LANGUAGES, Language, Words, choose


@pytest.mark.parametrize(
    ("wishes", "language"),
    [(("sv_SE.UTF-8",), "sv"), ((None, "en_GB"), "en"), (("de_DE", "sv"), "sv"), (("C.UTF-8",), "en"), ((), "en")],
)
def test_the_first_language_that_we_speak_is_chosen(wishes: tuple[str | None, ...], language: str) -> None:
    assert choose(*wishes) == language


@pytest.mark.parametrize(
    ("ore", "swedish", "english"),
    [
        (123456789, "1\u00a0234\u00a0567,89", "1,234,567.89"),
        (-5, "-0,05", "-0.05"),
        (0, "0,00", "0.00"),
        (-100000, "-1\u00a0000,00", "-1,000.00"),
        (None, "", ""),
    ],
)
def test_amounts_have_local_form(ore: int | None, swedish: str, english: str) -> None:
    assert Words("sv").amount(ore) == swedish
    assert Words("en").amount(ore) == english


def test_dates_are_iso_in_both_languages() -> None:
    assert Words("sv").date(date(2025, 2, 28)) == Words("en").date(date(2025, 2, 28)) == "2025-02-28"


def test_an_error_is_told_with_its_parameters_and_what_the_source_said() -> None:
    said = Words("sv").error(DataError("row-without-voucher", record="7", count=2, detail="from the source"))
    assert "7" in said
    assert said.endswith("(from the source)")
    assert said != Words("en").error(DataError("row-without-voucher", record="7", count=2, detail="from the source"))


def test_a_code_without_words_is_shown_with_its_parameters() -> None:
    assert Words("sv").message("never-heard-of", {"line": 3}) == "never-heard-of, line: 3"


def test_a_place_without_parameter_stays_visible() -> None:
    assert Words("en").text("line {line} of {file}", line=3) == "line 3 of {file}"


def test_braces_in_parameters_are_left_alone() -> None:
    assert Words("en").text("text {text}", text="{line}") == "text {line}"


def test_a_sources_code_is_said_in_the_words_that_it_ships() -> None:
    words = Words("sv", lambda: ("datasource_fortnox",))
    said = words.message("fortnox-year-not-asked", {})
    assert said != "fortnox-year-not-asked"
    assert said != Words("en", lambda: ("datasource_fortnox",)).message("fortnox-year-not-asked", {})


def test_sources_are_not_asked_for_the_hosts_own_codes() -> None:
    def asked() -> tuple[str, ...]:
        raise AssertionError("asked")

    assert Words("en", asked).message("engagement-nameless", {}) != "engagement-nameless"


def test_a_sources_words_may_stand_in_two_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {
        "en.toml": 'tabled-amount = "Line {line}: no amount."\ntabled-new = "Only here."\n',
        "sv.toml": 'tabled-amount = "Rad {line}: inget belopp."\n"Delimiter" = "Skiljetecken"\n',
    }
    locale = tmp_path / "tabled_words" / "locale"
    locale.mkdir(parents=True)
    (locale.parent / "__init__.py").touch()
    for name, content in tables.items():
        (locale / name).write_text(content, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    said = {language: Words(language, lambda: ("tabled_words",)) for language in LANGUAGES}
    assert said["sv"].message("tabled-amount", {"line": 3}) == "Rad 3: inget belopp."
    assert said["en"].message("tabled-amount", {"line": 3}) == "Line 3: no amount."
    assert said["sv"].message("tabled-new", {}) == "Only here."


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Perioden Årsavslut är inte låst."), ("en", "Period Year end is not locked.")]
)
def test_the_year_end_is_called_by_its_name(language: Language, said: str) -> None:
    assert Words(language).message("period-not-locked", {"period": YEAR_END}) == said
