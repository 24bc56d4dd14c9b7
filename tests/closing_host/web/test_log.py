"""Lines of the log: nothing in a record begins another line or speaks to a terminal; no fault is quoted (T F12)."""

import io
import logging

from closing_host.web.log import Lines, where


def written(message: str, *arguments: object, fault: BaseException | None = None) -> str:
    record = logging.LogRecord("closing_host.x", logging.INFO, "x.py", 1, message, arguments, None)
    record.created, record.exc_info = 0.0, (type(fault), fault, None) if fault else None
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    handler.emit(record)
    return stream.getvalue()


def test_a_record_is_one_line_whatever_it_holds() -> None:
    told = written("read %s", "a\r\n2026 INFO closing_host forged\x1b[2J\u202e\u2028å")
    line = r"read a\r\n2026 INFO closing_host forged\x1b[2J\u202e\u2028å"
    assert told == f"1970-01-01T00:00:00Z INFO closing_host.x {line}\n"


def test_a_fault_is_told_by_kind_and_place_and_never_quoted() -> None:
    try:
        try:
            int("Anna Personsson")
        except ValueError as error:
            raise KeyError("19680229-1234") from error
    except KeyError as error:
        fault = error
    told = written("failed", fault=fault)
    assert "failed: KeyError < test_log.py:" in told
    assert "; by ValueError < test_log.py:" in told
    assert "Anna" not in told + where(fault)
    assert "1234" not in told + where(fault)
