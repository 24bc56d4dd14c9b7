"""Which test of the kit must catch which broken source."""

from collections.abc import Mapping
from dataclasses import dataclass

from kit import broken_api as api
from kit import broken_files as files


@dataclass(frozen=True)
class Broken:
    """`also`: tests that notice the same fault from their own side, and may."""

    source: type
    also: frozenset[str] = frozenset()


def _of(source: type, *also: str) -> Broken:
    return Broken(source, frozenset(also))


BROKEN: Mapping[str, tuple[Broken, ...]] = {
    "test_describes_itself_the_same_each_time": (_of(api.NamedAnew),),
    "test_settings_can_be_shown_as_forms": (_of(api.SecretInTheOpen),),
    "test_login_reaches_a_company": (
        _of(api.AccountPerLogin, "test_check_names_the_company", "test_terms_name_company_and_year"),
    ),
    "test_user_is_sent_to_a_declared_address": (_of(api.UndeclaredLogin),),
    "test_answer_of_another_login_is_refused": (_of(api.AnyState),),
    "test_user_who_says_no_is_understood": (_of(api.NoIsAnError),),
    "test_login_as_another_company_is_refused": (_of(api.EveryCompanyIsMe, "test_terms_name_company_and_year"),),
    "test_ten_callers_renew_once": (_of(api.RenewsForNobody),),
    "test_refused_renewal_is_expired": (_of(api.RefusedIsUnavailable),),
    "test_unanswered_renewal_is_sent_once": (_of(api.RenewsAgain),),
    "test_odd_token_answers_are_told": (_of(api.TrustsTokenAnswers),),
    "test_check_names_the_company": (_of(api.ChecksNothing),),
    "test_disconnection_ends_without_a_token": (_of(api.DisconnectsByBrowser),),
    "test_vouchers_balance": (_of(api.MovesAnOre),),
    "test_vouchers_are_all_there": (_of(api.SkipsAVoucher),),
    "test_sums_are_exact": (_of(api.WholeKronor),),
    "test_opening_balances_are_exact": (_of(api.OpensInKronor),),
    "test_opening_and_rows_make_closing": (
        _of(files.ClosesWithTheOtherSign, "test_books_are_as_the_golden_file_says"),
    ),
    "test_year_is_the_right_one": (_of(api.CalendarYears),),
    "test_vouchers_can_be_told_apart": (_of(api.NumbersPerPage, "test_open_items_are_right_on_every_day"),),
    "test_swedish_letters_survive": (_of(api.PlainLetters),),
    "test_two_imports_are_equal": (_of(api.StampsTexts),),
    "test_years_are_listed_newest_first": (_of(api.OldestFirst),),
    "test_progress_is_told": (_of(api.Silent),),
    "test_cancelled_import_stops": (_of(api.GoesOnWhenCancelled),),
    "test_refused_token_ends_the_import": (_of(api.StopsWhenRefused),),
    "test_told_waits_are_kept": (_of(api.StopsWhenTooFast),),
    "test_server_errors_are_told": (_of(api.StopsWhenFailing),),
    "test_half_answers_are_told": (_of(api.StopsWhenHalf),),
    "test_empty_year_is_a_year": (_of(api.WantsVouchers),),
    "test_large_year_fits_in_memory": (_of(api.Hoards),),
    "test_what_came_over_the_wire_is_kept": (_of(api.KeepsNothing),),
    "test_open_items_are_right_on_every_day": (_of(api.ForgetsPayments),),
    "test_sub_ledgers_cover_the_asked_days": (_of(api.EndsWithTheYear),),
    "test_documents_can_be_told_apart": (_of(api.StrayPayments),),
    "test_terms_name_company_and_year": (_of(api.TermsOfNobody),),
    "test_dry_run_books_nothing": (
        _of(
            api.TriesABooking,
            "test_voucher_is_booked_as_sent",
            "test_booked_voucher_is_found",
            "test_refused_voucher_is_rejected",
        ),
    ),
    "test_voucher_is_booked_as_sent": (_of(api.LosesObjects),),
    "test_booked_voucher_is_found": (_of(api.FindsByMarkerOnly),),
    "test_lost_answer_is_found_again": (_of(api.SilenceIsNo),),
    "test_voucher_is_sent_once": (_of(api.SendsTwice),),
    "test_failure_is_no_answer": (_of(api.FailureIsNo),),
    "test_refused_voucher_is_rejected": (_of(api.NoIsFailure),),
    "test_unreached_voucher_can_be_sent_again": (_of(api.TooFastIsNo),),
    "test_broken_look_proves_nothing": (_of(api.LooksAway),),
    "test_recognises_its_files_and_no_others": (_of(files.ClaimsEverything),),
    "test_unfit_files_are_refused": (_of(files.ReadsAnything),),
    "test_vouchers_without_books_are_refused": (_of(files.TakesBatches),),
    "test_books_are_as_the_golden_file_says": (_of(files.ShoutsNames),),
    "test_written_file_can_be_handed_on": (_of(files.FilesIntoFolders),),
    "test_secrets_stay_inside": (
        _of(api.LogsHeaders),
        _of(api.KeepsHeaders),
        _of(api.TellsTheSecret),
        _of(api.TellsTheToken),
    ),
    "test_calls_through_the_host_only": (_of(api.CallsAround),),
    "test_does_not_sleep": (_of(api.SleepsInBetween),),
    "test_leaves_the_process_alone": (_of(api.TurnsUpTheLog),),
    "test_two_companies_do_not_mix": (_of(api.OneClientForAll),),
    "test_two_files_do_not_mix": (_of(files.OneBuilderForAll),),
    "test_rate_limit_is_kept": (_of(api.DeclaresTooMuch),),
}
"""Test to the sources that it must catch."""
