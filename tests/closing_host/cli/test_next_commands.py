"""Errors that reach the pages name what to do, and the command line adds the command."""

import re

from closing_host.cli.app import COMMANDS
from closing_host.cli.next_commands import NEXT
from closing_host.locale import HOST, english_by_code

from .conftest import Closing

# "closing entries" and "closing balances" are words too.
_NAMES = "|".join(name for name, *_ in COMMANDS if name not in ("entries", "balances", "day"))
TYPED = re.compile(rf"\bclosing ({_NAMES}|entries [a-z]+\.|balances for)\b|(?<!\w)--[a-z]")
COMMAND_LINE_ONLY = {
    *("compare-with-what", "document-exists", "engagement-ambiguous", "engagement-missing", "engagement-not-stated"),
    *("entry-settle-how", "export-file-whole", "format-not-stated", "nothing-to-import", "source-not-named"),
    *("database-cut", "database-damaged", "folder-not-empty", "folder-on-network-share", "folder-synchronised"),
    *("attachment-not-in-trail", "pointer-not-in-trail", "restore-incomplete", "port-taken", "source-reads-no-files"),
}
"""What only somebody who types commands meets."""
ONLY_THERE = {
    *("body-too-large", "callback-elsewhere", "export-payload-changed"),
    *("link-not-valid", "source-not-loaded", "source-not-set-up"),
}
"""What the pages name a command for, because no page can do it."""


def test_words_that_reach_a_page_name_no_command() -> None:
    said = english_by_code(HOST)
    prefixes = ("entry-next-", "export-batch-", "export-voucher-", "control-", "attachment-entry-")
    typed = {code for code, words in said.items() if TYPED.search(words) and not code.startswith(prefixes)}
    assert typed <= COMMAND_LINE_ONLY | ONLY_THERE


def test_every_command_is_there_and_belongs_to_words() -> None:
    groups = {group for group, *_ in COMMANDS}
    for code, command in NEXT.items():
        assert code in english_by_code(HOST)
        assert command.split()[1] in groups, command


def test_the_command_line_adds_the_command(closing: Closing) -> None:
    assert closing("engagement", "show", "9").words.count("Command: closing engagement list.") == 1
    assert closing("--lang", "sv", "runs", "show", "2222-2222").words.count("Kommando: closing runs list.") == 1
    assert '"next": "closing runs list"' in closing("--json", "runs", "show", "2222-2222").err
