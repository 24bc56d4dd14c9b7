import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from closing_host.sie import lines


@given(st.text("aå\r\n", min_size=1, max_size=20))
def test_small_and_large_pieces_are_parted_alike(text: str) -> None:
    data = text.encode()
    small = lines.split(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_SMALL", 0)
        assert_frame_equal(lines.split(data), small)
