"""A process that lives long, and for each trial asks custody for a token at the same moment as its siblings."""

import asyncio
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from closing_host.api.authorization import Account, Authorized, Token
from closing_host.api.errors import ClosingError, Expired
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.custody import Custody
from closing_host.transfers.vault import Vault

ID = "c" * 32


class Endpoint:
    """Renews over real HTTP."""

    def __init__(self, address: str) -> None:
        self._http = httpx.AsyncClient(base_url=address, trust_env=False)

    async def renew(self, token: Token) -> Authorized:
        answer = await self._http.post("/token", data={"refresh_token": token.renewal})
        if answer.status_code == 400:
            raise Expired
        stated = answer.json()
        expires_at = datetime.fromtimestamp(time.time() + stated["expires_in"], UTC)
        return Authorized(Account("29302"), Token(stated["access"], stated["renewal"], expires_at, rotates=True))

    async def revoke(self, token: Token) -> None:
        raise AssertionError


async def answer(calls: "Connection[Any, Any]", folder: str, key: str, address: str) -> None:
    """Until None comes: an instant at which to ask; back goes the access token, or the error."""
    with Store.open(Path(folder)) as store:
        custody, endpoint = Custody(Vault(store, Keyring((key,))), store.clock), Endpoint(address)
        calls.send("ready")
        while (moment := await asyncio.to_thread(calls.recv)) is not None:
            await asyncio.sleep(max(0.0, moment - time.time()))
            try:
                calls.send((await custody.live(ID, endpoint)).access)
            except ClosingError as error:
                calls.send(f"error {error}")


def work(calls: "Connection[Any, Any]", folder: str, key: str, address: str) -> None:
    """The process."""
    asyncio.run(answer(calls, folder, key, address))
