"""How a broken law is told from everything else that can go wrong in a test."""


class Broken(AssertionError):
    """A law is broken. The harness' own tests want to see this and nothing else."""


def hold(condition: object, law: str, *facts: object) -> None:
    """Raise `Broken` unless it holds."""
    if not condition:
        raise Broken(f"{law}: {', '.join(map(repr, facts))}")
