"""The faults that a posted voucher may meet (T 4.3), and how late a voucher may be booked after all."""

FAULTS = tuple(f"N{number}" for number in range(1, 25))
"""N1-N24."""

UNCLEAR = ("N7", "N8", "N9", "N9", "N10", "N17", "N24")
"""Those of them that are worth meeting often."""

LATE = (90.0, 170.0, 600.0, 3600.0, 43200.0)
"""Seconds; the first two are within the waiting period."""

READ_FAULTS = ("N6", "N7", "N17", "N20", "N21", "N22", "maintenance", "bad_gzip", "truncated_content", "lose_last_item")
"""What may befall a read, and so a look for a voucher (B19, B20)."""
