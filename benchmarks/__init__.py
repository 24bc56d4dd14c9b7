"""Measurements, each side by side with a limit or a peer in the same run. See README.md."""
