"""The Fortnox source keeps the contract, against the local Fortnox."""

from typing import ClassVar

from closing_host.testing import DataSourceTests
from kit.fortnox_server import CALLBACK, CLIENT, ORIGIN, FortnoxServer


class TestFortnox(DataSourceTests):
    source = "fortnox"
    server = FortnoxServer
    installation: ClassVar = {
        "client_id": CLIENT.client_id,
        "client_secret": CLIENT.secret,
        "callback": CALLBACK,
        "api_address": ORIGIN,
        "login_address": ORIGIN,
    }
