"""Scripted faults: which request, in which phase relative to the commit, ends how (T 4.2, T 4.3)."""
