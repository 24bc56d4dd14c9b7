"""The conformance kit's one class."""

from closing_host.testing.attachments import AttachmentTests
from closing_host.testing.describing import DescribeTests
from closing_host.testing.exporting import ExportTests
from closing_host.testing.faulty_imports import FaultyImportTests
from closing_host.testing.files import FileTests
from closing_host.testing.golden import GoldenTests
from closing_host.testing.importing import ImportTests
from closing_host.testing.logging_in import AuthorizeTests
from closing_host.testing.manners import MannersTests
from closing_host.testing.written_files import WrittenFileTests


class DataSourceTests(
    DescribeTests,
    AuthorizeTests,
    ImportTests,
    FaultyImportTests,
    AttachmentTests,
    ExportTests,
    FileTests,
    GoldenTests,
    WrittenFileTests,
    MannersTests,
):
    """Subclass it in a test file, state a few facts, and run pytest: all that the contract promises is tried.

        class TestCashBook(DataSourceTests):
            source = "cashbook"                        # the entry point's name, or the plugin object itself
            samples = (Sample(HERE / "2025.csv", vouchers=12, sums={"1910": 120_000}, texts=("Försäljning",)),)

        class TestMyApi(DataSourceTests):
            source = "my-api"
            server = MyFakeServer                      # a subclass of FakeServer
            installation = {"client_id": "id", "client_secret": "canary-secret"}

    `source`: the source under test. `server`: the class of its fake server, for a source that calls one. `samples`:
    files that it reads well, for a source that reads files; such an author also overrides `write_file`. `installation`
    and `engagement`: its settings, as a user would fill them in. `exempt`: tests that cannot hold, each with the
    reason; one that passes all the same fails the run.

    Tests follow the hooks that the source implements and the abilities that its fake server has; the others are not
    collected, and the summary names them. Everything runs in this process on the host's own facade and wire, on a clock
    that stands, without network.
    """
