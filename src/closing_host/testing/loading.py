"""The source under test, loaded by the host's own loader, and its settings as the author filled them in."""

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint
from typing import Any, Final, NoReturn, cast

from pydantic import BaseModel, SecretStr, ValidationError

from closing_host.api.hookspecs import ENTRY_POINT_GROUP
from closing_host.locale import Words
from closing_host.sources.facade import DataSource
from closing_host.sources.loading import Found, Patience, load
from closing_host.sources.problems import PluginProblem
from closing_host.sources.registry import discover
from closing_host.testing.rules import broken

_OBJECT: Final = "under-test"


class _Given:
    """An entry point whose object is at hand already."""

    group = ENTRY_POINT_GROUP
    name = _OBJECT

    def __init__(self, plugin: object) -> None:
        self._plugin = plugin

    def load(self) -> object:
        return self._plugin


def load_source(source: object) -> DataSource:
    """The source with this entry point id, or made from this plugin object (a module, say).

    Fails the test with the host's own words when the host would not load it.
    """
    if isinstance(source, str):
        registry = discover(only={source})
        if source in registry.sources:
            return registry.sources[source]
        _refused(source, registry.problems[0])
    found = Found(cast(EntryPoint, _Given(source)), getattr(source, "__name__", type(source).__name__), "0")
    loaded = load(found, Patience())
    if isinstance(loaded, PluginProblem):
        _refused(found.distribution, loaded)
    return loaded


def settings(model: type[BaseModel] | None, fields: Mapping[str, Any], which: str) -> BaseModel | None:
    """The author's `fields` as an instance of the declared model, None when the source declares none."""
    if model is None:
        if fields:
            broken(f"`{which}` is filled in, and the source declares no such settings.", f"Take `{which}` away.")
        return None
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        wrong = ", ".join(f"{'.'.join(map(str, each['loc']))} ({each['msg']})" for each in error.errors())
        broken(f"`{which}` does not fit the source's model: {wrong}.", f"Fill in `{which}` in your test class.")


def secrets_of(*models: BaseModel | None) -> Iterator[str]:
    """Every secret in the settings."""
    for model in models:
        for _, value in model or ():
            if isinstance(value, SecretStr):
                yield value.get_secret_value()


def _refused(source: str, problem: PluginProblem) -> NoReturn:
    words = Words("en", lambda: ()).message(problem.code, problem.parameters)
    broken(f"The host does not load {source}: {words}", f"{problem.trace or 'Put it right, and install it again.'}")
