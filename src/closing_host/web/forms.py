"""A source's form, from the pydantic model that it declares."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

Kind = Literal["text", "password", "number", "date", "checkbox", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a page shows it. `value`: its default; `choices` of a `choice`."""

    name: str
    label: str
    help: str
    kind: Kind
    required: bool
    value: str
    choices: tuple[str, ...] = ()


def fields_of(model: type[BaseModel]) -> tuple[Field, ...]:
    """The model's fields in its order."""
    return tuple(_field(name, each) for name, each in model.model_fields.items())


def _field(name: str, field: FieldInfo) -> Field:
    choices = _choices(field.annotation)
    default = "" if field.is_required() or field.default is None else field.default
    return Field(
        name,
        field.title or name,
        field.description or "",
        "choice" if choices else _kind(field.annotation),
        field.is_required(),
        str(default.value if isinstance(default, Enum) else default),
        choices,
    )


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(str(each) for each in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(each.value) for each in annotation)
    return ()


def _kind(annotation: Any) -> Kind:
    kinds: dict[Any, Kind] = {SecretStr: "password", int: "number", date: "date", bool: "checkbox"}
    return kinds.get(annotation, "text")
