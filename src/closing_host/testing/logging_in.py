"""The `authorize` hook: login, renewal, check and disconnection, and what the token endpoint may answer."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, urlsplit

import httpx

from closing_host.api.authorization import AskFor, Authorized, AuthorizeRequest
from closing_host.api.errors import AuthorizationError, ClosingError, Denied, Expired, PluginFault, WrongCompany
from closing_host.sources.origins import authorization_origins, origin_of
from closing_host.testing import faults
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.house import House, open_house
from closing_host.testing.rules import broken, expect, rule

_HOOK: Final = "authorize"
_LOGIN: Final = ("log_in|fill_in",)

_ODD: Final = {
    "an empty answer": "",
    "a page of HTML": "<html><body>Down for maintenance</body></html>",
    "a list": '["token"]',
    "an object without a token": '{"token_type": "Bearer"}',
    "a token that is null": '{"access_token": null, "token_type": "Bearer", "expires_in": 3600}',
    "half of an answer": '{"access_token": "abc',
}


class AuthorizeTests(Author):
    """Login and tokens."""

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_login_reaches_a_company(self, bench: Bench) -> None:
        """The dialogue ends with an account whose id is the same at every login."""
        first, second = bench.run(bench.connect()), bench.run(bench.connect())
        ids = [each.account.id for each in (first, second) if each.account]
        expect(
            all(ids) and ids[0] == ids[1],
            f"Two logins to one company gave the account ids {ids}.",
            "Use the source's own lasting key of the company as `Account.id`, never the user, a token or a name.",
        )

    @rule("authorize", _HOOK, abilities=("log_in",))
    def test_user_is_sent_to_a_declared_address(self, bench: Bench) -> None:
        """The login address is a declared authorization origin, carries the state, and no secret."""
        request, step = bench.run(bench.begin())
        if isinstance(step, AskFor):
            return
        url = httpx.URL(step.url)
        origins = authorization_origins(bench.source.info, bench.connection.installation)
        expect(
            origin_of(url) in origins,
            f"Your `authorize` sends the user to {origin_of(url)}, which is no declared authorization origin.",
            "Name it in `hosts` with `authorization=True`.",
        )
        stated = parse_qs(urlsplit(step.url).query)
        expect(
            stated.get("state") == [request.state],
            "The login address does not carry `request.state`.",
            "Pass it on unchanged as `state`, so that the answer can be told from a stranger's.",
        )
        expect(
            not any(secret in step.url for secret in bench.secrets),
            "The login address holds a secret of the settings.",
            "The client secret belongs into the request to the token endpoint only.",
        )

    @rule("authorize", _HOOK, abilities=("log_in",))
    def test_answer_of_another_login_is_refused(self, bench: Bench) -> None:
        """A callback whose state is not this login's opens nothing, and its code is not used."""
        request, step = bench.run(bench.begin())
        if isinstance(step, AskFor):
            return
        answer = {**bench.run(bench.answer(step)), "state": "of-another-login"}
        before = len(bench.line.sent)
        try:
            bench.run(bench.authorize(replace(request, flow=step.flow, answer=answer)))
        except AuthorizationError:
            expect(
                len(bench.line.sent) == before,
                "Your `authorize` used the code of a callback before it looked at its state.",
                "Compare the state first.",
            )
            return
        broken(
            "Your `authorize` took an answer with the state of another login.",
            "Keep the state in `flow`, compare it with `secrets.compare_digest`, and raise `AuthorizationError`.",
        )

    @rule("authorize", _HOOK, abilities=("log_in",))
    def test_user_who_says_no_is_understood(self, bench: Bench) -> None:
        """A login that the user declined is `Denied`."""
        request, step = bench.run(bench.begin())
        if isinstance(step, AskFor):
            return
        answer = bench.run(bench.fake.deny(step.url))
        error = _raised(bench, replace(request, flow=step.flow, answer=answer))
        expect(
            isinstance(error, Denied),
            f"Your `authorize` gave {error!r} when the user said no.",
            "Raise `Denied` for `error=access_denied` (and whatever else your source calls it).",
        )

    @rule("authorize", _HOOK, abilities=_LOGIN, two_companies=True)
    def test_login_as_another_company_is_refused(self, bench: Bench) -> None:
        """A connection made anew as another company is the host's to refuse; the source must let it see that."""
        with open_house(bench) as house:
            bench.run(house.log_in(0))
            try:
                bench.run(house.log_in(1))
            except WrongCompany:
                return
        broken(
            "Your `authorize` gives the same account id for two companies.",
            "`Account.id` must name the company that this login reached; ask the source with the new token.",
        )

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_ten_callers_renew_once(self, bench: Bench) -> None:
        """When the token is over, ten calls at once lead to one renewal, which the host stores and everybody uses."""
        with open_house(bench) as house:
            bench.run(house.log_in(0))
            expires = bench.run(house.expire())
            if expires is None:
                return  # a token without end, such as a key, is never renewed
            before = len(bench.line.sent)
            _renewed_once(bench, house, before)

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_refused_renewal_is_expired(self, bench: Bench) -> None:
        """A renewal that the source refuses for good is `Expired`: the user is asked to log in."""
        login = bench.run(bench.connect())
        bench.line.spoil(faults.answered(400, '{"error": "invalid_grant"}'))
        error = _raised(bench, _renewal(login), login)
        expect(
            isinstance(error, Expired),
            f"Your `authorize` gave {error!r} for a renewal that the token endpoint refused (`invalid_grant`).",
            "Raise `Expired`; so does a source that has nothing to renew with.",
        )

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_unanswered_renewal_is_sent_once(self, bench: Bench) -> None:
        """Nobody knows what became of it: not `Expired`, and no second try, which could spend the token."""
        for what, fault in {
            "was answered with 500": faults.answered(500),
            "was answered with 503": faults.answered(503),
            "got no answer": faults.lost_answer,
            "was cut off": faults.cut_off,
        }.items():
            login = bench.run(bench.connect())
            before = len(bench.line.sent)
            bench.line.spoil(fault)
            error = _raised(bench, _renewal(login), login)
            bench.line.heal()
            sent = len(bench.line.sent) - before
            if sent == 0:
                return  # there is nothing to renew with
            _is_known(error, isinstance(error, ClosingError) and not isinstance(error, Expired | PluginFault), what)
            expect(
                sent == 1,
                f"Your `authorize` sent {sent} requests for one renewal that {what}.",
                "Send it once: the server may have acted, and the token may be spent. The host decides what is next.",
            )

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_odd_token_answers_are_told(self, bench: Bench) -> None:
        """Whatever comes with status 200, there is a token in it or an error of the contract."""
        for what, body in _ODD.items():
            request, step = bench.run(bench.begin())
            answer = bench.run(bench.answer(step))
            bench.line.spoil(faults.answered(200, body))
            error = _raised(bench, replace(request, flow=step.flow, answer=answer))
            _is_known(error, isinstance(error, ClosingError) and not isinstance(error, PluginFault), what)
            bench.line.heal()
            login = bench.run(bench.connect())
            before = len(bench.line.sent)
            bench.line.spoil(faults.answered(200, body))
            error = _raised(bench, _renewal(login), login)
            if len(bench.line.sent) > before:
                _is_known(error, isinstance(error, ClosingError) and not isinstance(error, Expired | PluginFault), what)
            bench.line.heal()

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_check_names_the_company(self, bench: Bench) -> None:
        """`check` with the stored token says which company it reaches; without one it tries the settings."""
        login = bench.run(bench.connect())
        step = bench.run(bench.authorize(AuthorizeRequest("check", token=login.token), login.connection))
        found = step.account.id if isinstance(step, Authorized) and step.account else ""
        expect(
            login.account is not None and found == login.account.id,
            f"Your `authorize` names the account {found!r} for `check`; the login reached another.",
            "Ask the source who the token belongs to and return `Authorized(account)`.",
        )
        step = bench.run(bench.authorize(AuthorizeRequest("check")))
        expect(
            isinstance(step, Authorized),
            "Your `authorize` wants a login for `check` without a token.",
            "Try the installation's settings, as far as that can be done, and return `Authorized(None)`.",
        )

    @rule("authorize", _HOOK, abilities=_LOGIN)
    def test_disconnection_ends_without_a_token(self, bench: Bench) -> None:
        """`disconnect` is done when it returns."""
        login = bench.run(bench.connect())
        step = bench.run(bench.authorize(AuthorizeRequest("disconnect", token=login.token), login.connection))
        expect(
            isinstance(step, Authorized) and step.token is None,
            f"Your `authorize` returned {type(step).__name__} with a token or a further step for `disconnect`.",
            "Revoke the token at the source, if it can be done, and return `Authorized(None)`.",
        )


def _renewal(login: Login) -> AuthorizeRequest:
    return AuthorizeRequest("renew", token=login.token)


def _raised(bench: Bench, request: AuthorizeRequest, login: Login | None = None) -> ClosingError | str:
    """What the step raised, or what it returned in words."""
    try:
        step = bench.run(bench.authorize(request, login.connection if login else None))
    except ClosingError as error:
        return error
    return f"a {type(step).__name__}"


def _is_known(error: ClosingError | str, fits: bool, what: str) -> None:
    expect(
        fits,
        f"Your `authorize` gave {error!r} when the token endpoint's answer was or had: {what}.",
        "Raise a `TemporaryError` or `AuthorizationError` that says so; only a clear refusal is `Expired`. "
        "`OAuth2CodeFlow` does all this.",
    )


def _renewed_once(bench: Bench, house: House, before: int) -> None:
    try:
        generations = bench.run(house.ten_at_once())
    except ClosingError as error:
        broken(
            f"The host could not use what your `authorize` returned for `renew`: {error}.",
            "Return `Authorized(account, token)`: the account's id as the token itself names it, and a whole token.",
        )
    sent = [each for each in bench.line.sent[before:] if not each.is_read]
    expect(
        generations == {2} and len(sent) == 1,
        f"Ten calls with an old token led to {len(sent)} renewals.",
        "Renew when `request.intent` is `renew`, with one request, and at no other time.",
    )
