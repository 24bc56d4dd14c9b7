"""A source's form as a page shows it."""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from closing_host.locale import Words
from closing_host.web import forms
from closing_host.web.pages import render


class Kind(StrEnum):
    ONE = "one"
    TWO = "two"


class Settings(BaseModel):
    user: str = Field(title="Användare <b>")
    secret: SecretStr = Field(title="Lösenord")
    port: int = 8
    since: date | None = None
    all: bool = False
    kind: Kind = Kind.TWO
    way: Literal["a", "b"] = Field("a", description="Hur")


def test_each_type_has_its_kind_of_field() -> None:
    fields = {each.name: each for each in forms.fields_of(Settings)}
    kinds = {name: each.kind for name, each in fields.items()}
    assert kinds == {
        "user": "text",
        "secret": "password",
        "port": "number",
        "since": "text",
        "all": "checkbox",
        "kind": "choice",
        "way": "choice",
    }
    assert (fields["user"].required, fields["port"].required) == (True, False)
    assert (fields["port"].value, fields["since"].value, fields["kind"].value) == ("8", "", "two")
    assert fields["kind"].choices == ("one", "two")


def test_the_form_is_shown_with_labels_as_text() -> None:
    shell = {"user": "asa", "here": "/", "partial": False, "source_name": str}
    page = render("login_form.html", Words("sv"), shell, {"state": "s1", "fields": forms.fields_of(Settings)})
    assert "Användare &lt;b&gt;" in page
    assert '<input type="password" name="secret"' in page
    assert "<option selected>two</option>" in page
    assert 'name="state" value="s1"' in page
