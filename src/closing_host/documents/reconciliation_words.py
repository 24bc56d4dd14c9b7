"""What a period's reconciliation says, in words: states, reviews, who signed off, account groups."""

from datetime import UTC

from closing_host.closing.main_schedules import OTHER, ReconciledLine, Sums
from closing_host.locale import Words


def group_words(words: Words, group: str) -> str:
    """*19 Kassa och bank*."""
    if group == OTHER:
        return words.message("account-group-other", {})
    return f"{group} {words.message(f'account-group-{group}', {})}"


def figure_titles(words: Words) -> list[str]:
    """What the `figures` of an account, and the sums of several, are called."""
    return words.texts("Opening balance", "Change", "Closing balance", "Reconciled amount", "Reconciliation difference")


def figures(line: ReconciledLine) -> tuple[int | None, ...]:
    """Opening, change, closing, reconciled amount and difference in öre; None where nothing is reconciled."""
    return (line.opening, line.change, line.closing, line.figures.reconciled, line.figures.difference)


def summed_figures(sums: Sums) -> tuple[int | None, ...]:
    """The same of sums."""
    return (sums.opening, sums.change, sums.closing, sums.reconciled, sums.difference)


def standing_words(words: Words, line: ReconciledLine) -> str:
    """*Klar*, *Ändrad efter klar* …"""
    return words.message(f"report-account-{line.standing}", {})


def signed_words(words: Words, line: ReconciledLine) -> str:
    """Who signed off, and the day (UTC); "" while nobody has."""
    signed = line.record.signed
    return "" if signed is None else f"{signed.by} {signed.at.astimezone(UTC):%Y-%m-%d}"


def review_words(words: Words, line: ReconciledLine) -> str:
    """*Godkänd* or *Ej godkänd*, and by whom."""
    said = words.message(f"report-review-{line.review}", {})
    return said if line.review == "not-reviewed" else f"{said}, {line.record.reviewed_by}"


def moved_words(words: Words, line: ReconciledLine) -> str:
    """What was signed off and is otherwise now; "" while it holds."""
    figures = {"closing": words.text("Closing balance"), "reconciled": words.text("Reconciled amount")}
    said = [
        words.text(
            "{figure} was {before}, is {after}",
            figure=figures[each.figure],
            before=words.amount(each.before) or "–",
            after=words.amount(each.after) or "–",
        )
        for each in line.moved
    ]
    return "; ".join(said)


def remarks(words: Words, line: ReconciledLine) -> str:
    """What is to be said of an account besides its figures, on one line: comment, review's comment, what moved."""
    review = line.record.review_comment if line.review != "not-reviewed" else ""
    said = [
        " ".join(line.record.comment.split()),
        words.text("Review: {comment}", comment=" ".join(review.split())) if review else "",
        moved_words(words, line),
    ]
    return " · ".join(each for each in said if each)
