"""What a source says about itself."""

from typing import Final

from pydantic import BaseModel, SecretStr

from closing_host.testing.author import Author
from closing_host.testing.bench import Bench
from closing_host.testing.rules import broken, expect, rule

_SECRET: Final = ("secret", "password", "token", "api_key", "apikey")


class DescribeTests(Author):
    """`describe_source`."""

    @rule("describe")
    def test_describes_itself_the_same_each_time(self, bench: Bench) -> None:
        """Pure: no I/O, and the same answer each time."""
        first, second = bench.described(), bench.described()
        expect(
            first == second == bench.source.info,
            "Your `describe_source` does not give the same answer each time.",
            "Return a `SourceInfo` of fixed values; what changes belongs into settings or hooks.",
        )
        expect(
            not bench.attempts.addresses,
            f"Your `describe_source` connects to {', '.join(bench.attempts.addresses)}.",
            "Let it state what is known without asking anybody.",
        )

    @rule("describe")
    def test_settings_can_be_shown_as_forms(self, bench: Bench) -> None:
        """Each field has a title, what is secret is a `SecretStr`, and an engagement's fields have defaults."""
        info = bench.source.info
        for model in (info.installation, info.engagement):
            if model is not None:
                _shown(model)
        for name, field in (info.engagement.model_fields if info.engagement else {}).items():
            expect(
                not field.is_required(),
                f"The engagement setting `{name}` has no default.",
                "Give every engagement setting a default; ask for what must be known in `authorize` (`AskFor`).",
            )


def _shown(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        where = f"The setting `{name}` of {model.__name__}"
        if not field.title:
            broken(f"{where} has no title.", f'Write `{name}: … = Field(…, title="What the user reads")`.')
        if any(word in name.lower() for word in _SECRET) and field.annotation is not SecretStr:
            broken(f"{where} holds a secret and is not a `SecretStr`.", f"Write `{name}: SecretStr = Field(…)`.")
