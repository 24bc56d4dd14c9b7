"""The login and consent pages: plain forms that a person, a browser test and an HTTP client can post."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.oauth.registry import Client, PendingLogin, User

__all__ = ["consent_page", "failure_page", "login_page"]

_FRAME = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:3rem auto;padding:0 1rem;color:#222}}
label,legend{{display:block;margin-top:.8rem;font-weight:600}}fieldset label{{font-weight:400}}
input[type=text],input[type=password]{{width:100%;padding:.4rem;font:inherit;box-sizing:border-box}}
button{{margin:1.2rem .6rem 0 0;padding:.5rem 1.2rem;font:inherit}}
.error{{color:#a40000}}.note{{color:#666;font-size:.9rem;border-top:1px solid #ddd;margin-top:2rem;padding-top:.6rem}}
</style></head><body><main><h1>{title}</h1>{body}
<p class="note">Fortnox-simulator: ingen riktig inloggning, inga riktiga företag.</p></main></body></html>
"""


def login_page(pending: PendingLogin, client: Client, users: Iterable[User], *, failed: bool = False) -> str:
    """Form fields ``request`` (hidden), ``username``, ``password``; posted to ``/oauth-v1/login``."""
    known = ", ".join(f"{escape(user.login)} / {escape(user.password)}" for user in users) or "inga"
    error = '<p class="error" role="alert">Fel användarnamn eller lösenord.</p>' if failed else ""
    body = f"""{error}<p><strong>{escape(client.name)}</strong> vill ansluta till Fortnox.</p>
<form method="post" action="login">
<input type="hidden" name="request" value="{escape(pending.id)}">
<label for="username">Användarnamn</label><input type="text" id="username" name="username" autocomplete="off" required>
<label for="password">Lösenord</label><input type="password" id="password" name="password" required>
<button type="submit">Logga in</button></form>
<p class="note">Användare: {known}</p>"""
    return _FRAME.format(title="Logga in", body=body)


def consent_page(pending: PendingLogin, client: Client, companies: Iterable[Company]) -> str:
    """Form fields ``request``, ``company`` (tenant), ``decision`` (approve, deny); posted to ``/oauth-v1/consent``."""
    choices = "".join(
        f'<label><input type="radio" name="company" value="{company.tenant}"{" checked" if first else ""}> '
        f"{escape(company.name)} ({escape(company.organisation_number)})</label>"
        for first, company in zip((True, *(False,) * 999), companies, strict=False)
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in pending.scopes)
    account = "<p>Anslutningen blir ett servicekonto.</p>" if pending.service else ""
    body = f"""<p><strong>{escape(client.name)}</strong> vill läsa och skriva:</p><ul>{scopes}</ul>{account}
<form method="post" action="consent">
<input type="hidden" name="request" value="{escape(pending.id)}">
<fieldset><legend>Företag</legend>{choices}</fieldset>
<button type="submit" name="decision" value="approve">Godkänn</button>
<button type="submit" name="decision" value="deny">Avbryt</button></form>"""
    return _FRAME.format(title="Godkänn integration", body=body)


def failure_page(reason: str) -> str:
    """A page for what cannot be redirected back."""
    return _FRAME.format(title="Anslutningen misslyckades", body=f'<p class="error" role="alert">{escape(reason)}</p>')
