"""Which hooks a plugin implements, and whether the host can call them as they are written.

pluggy would refuse some of these later, others never: a parameter with a default is simply not filled.
"""

import inspect
from collections.abc import Mapping
from typing import Final

import pluggy

from closing_host.api import hookspecs
from closing_host.sources.problems import Refused

DESCRIBE: Final = "describe_source"


def specified() -> Mapping[str, tuple[str, ...]]:
    """Every hook of the contract with its parameters, in the order of `hookspecs`."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    callers = (getattr(manager.hook, name, None) for name in vars(hookspecs))
    return {
        caller.name: tuple(caller.spec.argnames)
        for caller in callers
        if isinstance(caller, pluggy.HookCaller) and caller.spec is not None
    }


SPECIFIED: Final = specified()


def implemented(source: str, plugin: object) -> dict[str, pluggy.HookCaller]:
    """The hooks of `plugin`, each callable with all its parameters by name. Every plugin has a manager of its own.

    Raises `Refused`: `hook-missing`, `hook-unknown`, `hook-twice`, `hook-kind`, `parameter-unknown` or
    `parameter-unfilled`, and whatever looking at the plugin's attributes raises.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    # First without specifications, so that what is wrong is found here and can be said in words.
    manager.register(plugin, name=source)
    callers = {caller.name: caller for caller in manager.get_hookcallers(plugin) or ()}
    for name, caller in callers.items():
        if name not in SPECIFIED:
            raise Refused("hook-unknown", hook=name, known=", ".join(SPECIFIED))
        implementations = caller.get_hookimpls()
        if len(implementations) > 1:
            raise Refused("hook-twice", hook=name)
        _check(name, implementations[0])
    if DESCRIBE not in callers:
        raise Refused("hook-missing", hook=DESCRIBE)
    manager.add_hookspecs(hookspecs)
    manager.check_pending()
    return callers


def _check(name: str, implementation: pluggy.HookImpl) -> None:
    function = implementation.function
    is_wrapper = implementation.wrapper or implementation.hookwrapper
    if is_wrapper or inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise Refused("hook-kind", hook=name)
    if name == DESCRIBE and inspect.iscoroutinefunction(function):
        raise Refused("hook-kind", hook=name)
    known = SPECIFIED[name]
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        required = parameter.default is parameter.empty
        if parameter.name in known and not (required and parameter.kind is not parameter.KEYWORD_ONLY):
            raise Refused("parameter-unfilled", hook=name, parameter=parameter.name)
        if parameter.name not in known and required:
            raise Refused("parameter-unknown", hook=name, parameter=parameter.name, known=", ".join(known))
