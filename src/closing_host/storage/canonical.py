"""One byte form per JSON value, so that hashes over it mean something."""

import json


def canonical_json(value: object) -> str:
    """`value` as JSON with sorted keys, no blanks, real characters instead of escapes, and no NaN.

    Raises `TypeError` for what JSON cannot hold and `ValueError` for NaN and infinities.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
