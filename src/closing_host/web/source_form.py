"""A source's form of settings for one client, as a page shows and reads it."""

from closing_host.api.errors import SettingsError
from closing_host.engagements.source_choices import SourceChoice, settings_from
from closing_host.locale import Words
from closing_host.web.call import Call
from closing_host.web.forms import Field, fields_of


def filled_in(call: Call, source: SourceChoice) -> dict[str, object] | None:
    """What the form says; None for a source without one. Raises `SettingsError` by field."""
    if source.form is None:
        return None
    given: dict[str, object] = {}
    for field in fields_of(source.form):
        if field.kind == "checkbox":
            given[field.name] = field.name in call.form
        elif stated := call.field(field.name):
            given[field.name] = stated
    return dict(settings_from(source.form, given))


def fields_to_fill(source: SourceChoice) -> tuple[Field, ...]:
    """The fields; none for a source whose settings all have a default."""
    return fields_of(source.form) if source.form is not None else ()


def wrong_fields(error: SettingsError, words: Words) -> dict[str, str]:
    """What is wrong, in words, by field."""
    return {name: words.message(code, {}) for name, code in error.fields.items()}
