"""Sources that read files: which they claim, and what becomes of those that they cannot read."""

from typing import Final

from closing_host.api.errors import DataError, PluginFault
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench
from closing_host.testing.cases import bring_file
from closing_host.testing.rules import broken, expect, rule

_HEAD: Final = 4096
_GARBAGE: Final = bytes(range(256)) * 64

VOUCHERS_ONLY: Final = (
    b'#FLAGGA 0\r\n#PROGRAM "Kit" 1.0\r\n#FORMAT PC8\r\n#GEN 20251231\r\n#SIETYP 4\r\n#FNAMN "Exempel AB"\r\n'
    b'#VER A "" 20251231 "Avskrivning"\r\n{\r\n#TRANS 7832 {} 100.00\r\n#TRANS 1229 {} -100.00\r\n}\r\n'
)
"""A SIE file of type 4I: vouchers on their way between two programs, which are nobody's books."""

_UNFIT: Final = {
    "an empty file": b"",
    "bytes of no format": _GARBAGE,
    "one line of two million characters": b"x" * 2_000_000,
}


class FileTests(Author):
    """Uploads."""

    @rule("files", "import_ledger", files=True)
    def test_recognises_its_files_and_no_others(self, bench: Bench) -> None:
        """By the first 4096 bytes, the same each time, whatever was asked before."""
        for sample in self.samples:
            head = sample.content[:_HEAD]
            answers = [bench.source.recognises(each) for each in (head, b"", _GARBAGE[:_HEAD], head)]
            expect(
                answers[0] and answers[3],
                "Your `recognises` does not know a sample of yours by its first 4096 bytes.",
                "Look for what stands at the beginning of every such file.",
            )
            expect(
                not (answers[1] or answers[2]),
                "Your `recognises` claims an empty file, or bytes of no format.",
                "Claim only what shows the format's own marks, so that other sources get theirs.",
            )

    @rule("files", "import_ledger", files=True)
    def test_unfit_files_are_refused(self, bench: Bench) -> None:
        """Empty, garbage, one huge line: a `DataError` with a place, never a fault, never empty books."""
        suffix = bench.source.info.files.suffixes[0] if bench.source.info.files else ""
        for what, content in _UNFIT.items():
            _refused(bench, content, f"unfit{suffix}", what)

    @rule("files", "import_ledger", files=True)
    def test_vouchers_without_books_are_refused(self, bench: Bench) -> None:
        """SIE 4I, for a source that recognises it: a batch of vouchers is no year."""
        if bench.source.recognises(VOUCHERS_ONLY):
            _refused(bench, VOUCHERS_ONLY, "export.si", "a SIE file of type 4I")


def _refused(bench: Bench, content: bytes, name: str, what: str) -> None:
    try:
        bench.run(bring_file(bench, content, name))
    except DataError:
        return
    except PluginFault as fault:
        broken(
            f"Your `import_ledger` raised {fault.parameters.get('cause', fault)} for {what}.",
            "Raise `DataError` with `file` and `line`, or `UnsupportedFormat`, before reading on.",
        )
    broken(
        f"Your `import_ledger` returned a ledger for {what}.",
        "Raise `DataError` when there is nothing to import: what it returns becomes the client's books.",
    )
