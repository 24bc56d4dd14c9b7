"""`OAuth2CodeFlow`: the `authorize` hook of an ordinary OAuth 2 source, in one object. The only user of authlib.

    FLOW = OAuth2CodeFlow(authorize_url=…, token_url=…, client_id=…, client_secret=…, scopes=…, identify=whoami)

    @hookimpl
    async def authorize(request, connection, context):
        return await FLOW.step(request, connection, context)

Only `authlib.oauth2` is used, never its HTTP integrations: requests go through the client that the host gives, so
that its hosts, limits and tests hold (L 0.1). A request to the token endpoint is never sent twice: the server may
have acted on the first one (T 3b).
"""

import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Literal

import httpx
from authlib.oauth2 import OAuth2Client  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_token_request  # type: ignore[import-untyped]
from authlib.oauth2.rfc7009 import prepare_revoke_token_request  # type: ignore[import-untyped]

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Operation, Redirect, Step, Token
from closing_host.api.context import Connection, Context
from closing_host.api.errors import (
    AuthorizationError,
    ClosingError,
    Denied,
    Expired,
    PermissionMissing,
    SettingsError,
    SourceUnavailable,
)
from closing_host.api.token_answers import Refusal, read_answer, read_token, words
from closing_host.api.token_client import with_token

Grant = Literal["refresh_token", "client_credentials"]

Identify = Callable[[httpx.AsyncClient, AuthorizeRequest], Awaitable[Account]]
"""Asks the source which company the login reached. The client carries the new token."""

Explain = Callable[[str, str, AuthorizeRequest], ClosingError | None]
"""The source's own error for an error code and its description; the code is "" for a callback without any answer.
None: the flow's general error. Never asked about a renewal that the server refused (`invalid_grant`)."""

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_HEADERS: Final = {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
}


@dataclass(frozen=True, kw_only=True)
class OAuth2CodeFlow:
    """Authorization code with PKCE, then renewal by refresh token or client credentials.

    `scopes`: what each operation needs; asked for are those of the request's operations. `authorize_parameters`
    are added to the login address. `renewal` is the grant of new connections; a stored token is renewed by the
    grant that it was got for. `renewal_headers`: headers for `client_credentials`, made from the connected account.
    `rotates`: each refresh token works once. `account_of` reads the account from an access token without any call;
    without it a renewed token is taken to belong to the connected account. A renewed token that it cannot read comes
    with no account: the host quarantines it. `settings_fields`: the installation's
    fields that hold id and secret. `lifetime` holds when the server states none. `timeout`: seconds per request.
    """

    authorize_url: str
    token_url: str
    client_id: str
    scopes: Mapping[Operation, Collection[str]]
    identify: Identify
    client_secret: str = field(default="", repr=False)
    revoke_url: str = ""
    authorize_parameters: Mapping[str, str] = field(default_factory=dict)
    client_authentication: Literal["client_secret_basic", "client_secret_post", "none"] = "client_secret_basic"
    pkce: bool = True
    renewal: Grant = "refresh_token"
    renewal_headers: Callable[[Account], Mapping[str, str]] = lambda account: _NOTHING
    rotates: bool = False
    account_of: Callable[[str], Account | None] | None = None
    explain: Explain = lambda error, description, request: None
    settings_fields: tuple[str, ...] = ("client_id", "client_secret")
    lifetime: timedelta = timedelta(hours=1)
    timeout: float = 20.0

    async def step(self, request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
        """Answer one step of any intent.

        Raises `Denied`, `Expired` (the renewal was refused: nothing else), `PermissionMissing`, `SettingsError`
        (id or secret), other `AuthorizationError`s that say what to do, and `TemporaryError` when the outcome of a
        request to the server is not known.
        """
        step = _Step(self, request, connection, context)
        if request.intent == "renew":
            return await step.renew()
        if request.intent == "check":
            return await step.check()
        if request.intent == "disconnect":
            return await step.disconnect()
        return step.redirect() if request.answer is None else await step.connect(request.answer)


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the dialogue: the flow's options with what the host gave."""

    options: OAuth2CodeFlow
    request: AuthorizeRequest
    connection: Connection
    context: Context

    def redirect(self) -> Redirect:
        options, request = self.options, self.request
        verifier = secrets.token_urlsafe(48) if options.pkce else ""
        url, _ = self._protocol().create_authorization_url(
            options.authorize_url,
            state=request.state,
            code_verifier=verifier or None,
            redirect_uri=request.callback,
            scope=" ".join(sorted(self._asked())),
            **options.authorize_parameters,
        )
        flow = {"state": request.state, "verifier": verifier, "callback": request.callback}
        # Some servers want %20 between scopes and nothing else (F 1.1); a plus sign itself stands as %2B here.
        return Redirect(url.replace("+", "%20"), flow)

    async def connect(self, answer: Mapping[str, str]) -> Authorized:
        grant, flow = self.options.renewal, self.request.flow
        body = {"code": self._code(answer), "redirect_uri": flow["callback"], "code_verifier": flow["verifier"]}
        known = Token("", grant=grant, rotates=self._rotates(grant), scopes=self._asked())
        token = await self._token("authorization_code", body, known)
        try:
            account = await self._identified(token)
        except ClosingError:
            with suppress(ClosingError):  # the first error is the one to tell
                await self._revoke(token)
            raise
        return Authorized(account, token)

    async def renew(self) -> Authorized:
        old, account = self.request.token, self.connection.account
        grant = (old.grant if old else "") or self.options.renewal
        if old is None or account is None or (grant == "refresh_token" and not old.renewal):
            raise Expired("oauth-nothing-to-renew")
        known = replace(old, grant=grant, rotates=self._rotates(grant))
        if grant == "client_credentials":
            token = await self._token(grant, _NOTHING, known, self.options.renewal_headers(account))
        else:
            token = await self._token(grant, {"refresh_token": old.renewal}, known)
        # Only what the token itself says: it may not be used before the host has stored it (T G5).
        named = self.options.account_of(token.access) if self.options.account_of else account
        return Authorized(named, token)

    async def check(self) -> Authorized:
        """The account when there is a login; without one, whether the server knows id and secret."""
        if self.request.token is not None:
            return Authorized(await self._identified(self.request.token))
        # A refresh token that cannot exist: id and secret are checked before it (F 1.4), and nothing is issued.
        answer = await self._post("refresh_token", {"refresh_token": secrets.token_urlsafe(24)})
        if isinstance(answer, Refusal) and answer.error != "invalid_grant":
            raise self._refused(answer)
        return Authorized(None)

    async def disconnect(self) -> Authorized:
        if self.request.token is not None:
            await self._revoke(self.request.token)
        return Authorized(None)

    def _code(self, answer: Mapping[str, str]) -> str:
        """The code that came back, or the error that says why there is none (F 1.1).

        A refusal without state is believed, since it opens nothing; one with another state is not ours.
        """
        code, error, state = (answer.get(name, "") for name in ("code", "error", "state"))
        if not (code or error):
            raise self.options.explain("", "", self.request) or Denied("oauth-answer-empty")
        expected = self.request.flow.get("state", "")
        ours = bool(expected) and secrets.compare_digest(state.encode(), expected.encode())
        if not ours and (state or not error):
            raise AuthorizationError("oauth-state-wrong")
        if not error:
            return code
        description = words(answer.get("error_description", ""))
        if (explained := self.options.explain(error, description, self.request)) is not None:
            raise explained
        if error == "access_denied":
            raise Denied("oauth-denied", detail=description)
        if error == "invalid_scope":
            raise AuthorizationError("oauth-scope-refused", detail=description, scopes=" ".join(sorted(self._asked())))
        raise AuthorizationError("oauth-login-refused", detail=description, error=error)

    async def _identified(self, token: Token) -> Account:
        """The account behind `token`, with the operations that its scopes do not reach."""
        named = self.options.account_of(token.access) if self.options.account_of else None
        async with with_token(self.context.http, token.access) as http:
            account = await self.options.identify(http, self.request)
        if named is not None and named.id != account.id:
            raise AuthorizationError("oauth-account-differs", token=named.id, source=account.id)
        lacking = {
            operation: " ".join(sorted(scopes))
            for operation in self.request.operations
            if (scopes := set(self.options.scopes.get(operation, ())) - token.scopes)
        }
        if "import" in lacking:
            raise PermissionMissing("import", detail=lacking["import"])
        return replace(account, missing={**lacking, **account.missing})

    async def _token(
        self, grant: str, body: Mapping[str, str], known: Token, headers: Mapping[str, str] = _NOTHING
    ) -> Token:
        started = self.context.clock()
        answer = await self._post(grant, body, headers)
        if isinstance(answer, Refusal):
            raise self._refused(answer)
        return read_token(answer, started=started, lifetime=self.options.lifetime, known=known)

    async def _post(
        self, grant: str, body: Mapping[str, str], headers: Mapping[str, str] = _NOTHING
    ) -> Mapping[str, object] | Refusal:
        response = await self._send(self.options.token_url, prepare_token_request(grant, **body), headers)
        return read_answer(response, self.context.clock())

    async def _revoke(self, token: Token) -> None:
        if not (self.options.revoke_url and token.renewal):
            return
        form, _ = prepare_revoke_token_request(token.renewal, "refresh_token")
        response = await self._send(self.options.revoke_url, form)
        if response.is_success:  # its body says nothing: servers answer yes to anything (RFC 7009 2.2, F 1.7)
            return
        refusal = read_answer(response, self.context.clock())
        assert isinstance(refusal, Refusal)
        raise self._refused(refusal)

    async def _send(self, url: str, form: str, headers: Mapping[str, str] = _NOTHING) -> httpx.Response:
        """One POST with the client's authentication, sent once."""
        client = self._protocol().client_auth(self.options.client_authentication)
        try:
            address, signed, content = client.prepare("POST", url, {**_HEADERS, **headers}, form)
        except UnicodeEncodeError as error:  # an id or secret pasted with something that no server issues
            raise self._client_refused() from error
        try:
            return await self.context.http.post(
                address, content=content, headers=signed, timeout=self.options.timeout, follow_redirects=False
            )
        except httpx.RequestError as error:
            host = httpx.URL(url).host
            raise SourceUnavailable("oauth-unreachable", host=host, reason=type(error).__name__) from error

    def _refused(self, refusal: Refusal) -> ClosingError:
        if refusal.error == "invalid_grant" and self.request.intent == "renew":
            return Expired("oauth-renewal-refused", detail=refusal.words)
        if (explained := self.options.explain(refusal.error, refusal.words, self.request)) is not None:
            return explained
        if refusal.error == "invalid_client":
            return self._client_refused(refusal.words)
        if refusal.error == "invalid_grant":
            return AuthorizationError("oauth-code-refused", detail=refusal.words)
        return AuthorizationError(
            "oauth-token-refused", detail=refusal.words, error=refusal.error, status=refusal.status
        )

    def _client_refused(self, detail: str = "") -> SettingsError:
        return SettingsError(dict.fromkeys(self.options.settings_fields, "oauth-client-refused"), detail=detail)

    def _asked(self) -> frozenset[str]:
        scopes = self.options.scopes
        return frozenset(scope for operation in self.request.operations for scope in scopes.get(operation, ()))

    def _rotates(self, grant: str) -> bool:
        return self.options.rotates and grant == "refresh_token"

    def _protocol(self) -> OAuth2Client:
        options = self.options
        return OAuth2Client(
            None,
            client_id=options.client_id,
            client_secret=options.client_secret,
            code_challenge_method="S256" if options.pkce else None,
        )
