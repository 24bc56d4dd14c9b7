from datetime import date
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from datasource_fortnox.values import Amount, Day, Flag, Number, OptionalNumber, Reference, Text


class Record(BaseModel):
    text: Text = ""
    reference: Reference = ""
    amount: Amount = None
    number: Number = 0
    optional: OptionalNumber = None
    day: Day = None
    flag: Flag = False


@pytest.mark.parametrize(
    ("field", "stated", "read"),
    [
        ("text", "Kund", "Kund"),
        ("text", None, ""),
        ("text", "API_NORIGHT", ""),
        ("text", 42, "42"),
        ("text", Decimal("1.50"), "1.50"),
        ("reference", "0", ""),
        ("reference", 0, ""),
        ("reference", None, ""),
        ("reference", "10", "10"),
        ("amount", 12, Decimal(12)),
        ("amount", "12.50", Decimal("12.50")),
        ("amount", " -0.01 ", Decimal("-0.01")),
        ("amount", Decimal("0.1"), Decimal("0.1")),
        ("amount", "", None),
        ("amount", None, None),
        ("amount", "API_NORIGHT", None),
        ("number", "7", 7),
        ("number", Decimal("7.0"), 7),
        ("optional", "", None),
        ("day", "2025-12-31", date(2025, 12, 31)),
        ("day", "", None),
        ("day", None, None),
        ("flag", True, True),
        ("flag", "true", True),
        ("flag", "false", False),
        ("flag", "0", False),
        ("flag", 1, True),
        ("flag", "", False),
        ("flag", None, False),
    ],
)
def test_one_value_in_its_many_forms(field: str, stated: object, read: object) -> None:
    got = getattr(Record.model_validate({field: stated}), field)
    assert (got, type(got)) == (read, type(read))


@pytest.mark.parametrize(
    ("field", "stated"),
    [
        ("text", True),
        ("text", ["x"]),
        ("amount", 0.1),
        ("amount", True),
        ("amount", "1,50"),
        ("amount", "NaN"),
        ("amount", "Infinity"),
        ("amount", {}),
        ("number", None),
        ("number", ""),
        ("number", "1.5"),
        ("number", 7.0),
        ("day", "31/12 2025"),
        ("flag", 2),
        ("flag", "perhaps"),
    ],
)
def test_what_is_no_such_value_is_refused_rather_than_guessed(field: str, stated: object) -> None:
    with pytest.raises(ValidationError):
        Record.model_validate({field: stated})
