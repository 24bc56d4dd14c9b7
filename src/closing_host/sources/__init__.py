"""Data sources as the host uses them: found (`registry`), called (`facade`), and connected (`wire`)."""
