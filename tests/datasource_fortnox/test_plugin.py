from importlib.metadata import entry_points

from closing_host.api.ledger import FINANCIAL_DATA
from closing_host.api.source import Origin
from datasource_fortnox import plugin
from datasource_fortnox.settings import FortnoxEngagement, FortnoxInstallation


def test_the_plugin_is_found_by_its_entry_point() -> None:
    (found,) = (each for each in entry_points(group="closing_host.data_sources") if each.name == "fortnox")
    assert found.load() is plugin


def test_what_the_source_says_about_itself() -> None:
    info = plugin.describe_source()
    assert info.name == "Fortnox"
    assert (info.installation, info.engagement) == (FortnoxInstallation, FortnoxEngagement)
    assert info.hosts == (Origin(setting="api_address"), Origin(setting="login_address", authorization=True))
    assert info.rate_limit is not None
    assert (info.rate_limit.calls, info.rate_limit.seconds) == (25, 5.0)
    assert info.rate_limit.application == ("client_id",)
    assert info.cannot_hold <= FINANCIAL_DATA
    assert not info.idempotent
