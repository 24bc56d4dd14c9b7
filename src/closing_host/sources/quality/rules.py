"""The rules of the quality scale. The words of a rule are the message `quality-<id>`.

What style 5.2 asks for and the host now does for every source alike is no rule here: marking old data, telling an
outage once, diagnostics, changed settings, new and vanished records, a file that comes again, verified attached files.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from closing_host.sources.quality import looks
from closing_host.sources.quality.subject import Subject

Tier = Literal["bronze", "silver", "gold", "platinum"]
TIERS: Final[tuple[Tier, ...]] = get_args(Tier)

Look = Callable[[Subject], str]
"""What is wrong, as a few words for the author (names, places); "" when nothing is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand. It holds when its kit `tests` pass and its `look` finds nothing.

    `stated`: no machine can tell; the source's `quality.toml` says how it holds. `needs`: hooks without which it does
    not apply. `always`: it is not excused where its tests do not apply to the source.
    """

    id: str
    tier: Tier
    tests: tuple[str, ...] = ()
    look: Look | None = None
    stated: bool = False
    needs: tuple[str, ...] = ()
    always: bool = False

    @property
    def code(self) -> str:
        """The code of its words."""
        return f"quality-{self.id}"


def _kit(id: str, tier: Tier, *tests: str, always: bool = False) -> Rule:
    return Rule(id, tier, tuple(f"test_{each}" for each in tests), always=always)


RULES: Final[tuple[Rule, ...]] = (
    _kit("described", "bronze", "describes_itself_the_same_each_time"),
    Rule("contract", "bronze", look=looks.contract),
    _kit("settings-shown", "bronze", "settings_can_be_shown_as_forms"),
    _kit(
        "login",
        "bronze",
        "login_reaches_a_company",
        "user_is_sent_to_a_declared_address",
        "answer_of_another_login_is_refused",
        "user_who_says_no_is_understood",
    ),
    _kit("one-company", "bronze", "login_as_another_company_is_refused"),
    _kit("stable-ids", "bronze", "vouchers_can_be_told_apart", "two_imports_are_equal"),
    Rule("small-modules", "bronze", look=looks.large_modules),
    _kit(
        "no-state",
        "bronze",
        "two_companies_do_not_mix",
        "two_files_do_not_mix",
        "leaves_the_process_alone",
    ),
    _kit("polite", "bronze", "rate_limit_is_kept", "told_waits_are_kept"),
    _kit("balanced", "bronze", "vouchers_balance", "opening_and_rows_make_closing", "year_is_the_right_one"),
    _kit("exact", "bronze", "sums_are_exact", "opening_balances_are_exact", "vouchers_are_all_there"),
    Rule("no-floats", "bronze", look=looks.floats),
    _kit("letters", "bronze", "swedish_letters_survive"),
    _kit("no-secrets-out", "bronze", "secrets_stay_inside"),
    Rule("open-dependencies", "bronze", stated=True),
    Rule("help", "bronze", look=looks.without_help),
    Rule("help-connection", "bronze", look=looks.without_connection_help, needs=("authorize",)),
    _kit("reconnect", "silver", "refused_renewal_is_expired"),
    _kit(
        "renewal-safe",
        "silver",
        "ten_callers_renew_once",
        "unanswered_renewal_is_sent_once",
        "odd_token_answers_are_told",
    ),
    _kit("checked", "silver", "check_names_the_company"),
    _kit("clean-disconnect", "silver", "disconnection_ends_without_a_token"),
    _kit(
        "typed-errors",
        "silver",
        "server_errors_are_told",
        "half_answers_are_told",
        "refused_token_ends_the_import",
        "unfit_files_are_refused",
        "vouchers_without_books_are_refused",
    ),
    _kit("cancels", "silver", "cancelled_import_stops", "progress_is_told"),
    _kit("empty-year", "silver", "empty_year_is_a_year"),
    _kit("years", "silver", "years_are_listed_newest_first"),
    _kit("kept", "silver", "what_came_over_the_wire_is_kept"),
    _kit(
        "exports",
        "silver",
        "terms_name_company_and_year",
        "dry_run_books_nothing",
        "voucher_is_booked_as_sent",
        "written_file_can_be_handed_on",
    ),
    Rule("owner", "silver", stated=True),
    Rule("help-settings", "silver", look=looks.unexplained_settings),
    _kit(
        "exports-once",
        "gold",
        "booked_voucher_is_found",
        "lost_answer_is_found_again",
        "voucher_is_sent_once",
        "failure_is_no_answer",
        "refused_voucher_is_rejected",
        "unreached_voucher_can_be_sent_again",
        "broken_look_proves_nothing",
    ),
    _kit(
        "open-items",
        "gold",
        "open_items_are_right_on_every_day",
        "sub_ledgers_cover_the_asked_days",
        "documents_can_be_told_apart",
    ),
    _kit("recognises", "gold", "recognises_its_files_and_no_others"),
    Rule("translated-errors", "gold", look=looks.untranslated_errors),
    Rule("translated-labels", "gold", look=looks.untranslated_labels),
    Rule("next-steps", "gold", look=looks.without_next_step),
    Rule("help-limits", "gold", look=looks.without_limits_help),
    Rule("heavy-off", "gold", stated=True),
    _kit("through-the-host", "platinum", "calls_through_the_host_only", "does_not_sleep"),
    Rule("no-own-network", "platinum", look=looks.own_network),
    Rule("strict-types", "platinum", look=looks.untyped),
    _kit("bounded-memory", "platinum", "large_year_fits_in_memory"),
    _kit("golden-year", "platinum", "books_are_as_the_golden_file_says", always=True),
)
