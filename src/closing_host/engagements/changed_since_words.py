"""How much of what was signed off has changed, in a sentence for each kind: on pages and at the command line."""

from closing_host.engagements.changed_since import ChangedSince
from closing_host.locale import Words


def changes_in_words(words: Words, found: ChangedSince) -> tuple[str, ...]:
    """A sentence for each kind of which there is anything."""
    counts = found.counts
    locked, done, accounts, entries = (counts[each] for each in ("locked", "done", "accounts", "entries"))
    said = (
        (locked, words.plural("{count} locked period has changed.", "{count} locked periods have changed.", locked)),
        (
            done,
            words.plural(
                "{count} period that was done has changed.", "{count} periods that were done have changed.", done
            ),
        ),
        (
            accounts,
            words.plural(
                "{count} account has changed after it was signed off.",
                "{count} accounts have changed after they were signed off.",
                accounts,
            ),
        ),
        (
            entries,
            words.plural(
                "{count} exported entry is not in the source as it was sent.",
                "{count} exported entries are not in the source as they were sent.",
                entries,
            ),
        ),
    )
    return tuple(sentence for count, sentence in said if count)
