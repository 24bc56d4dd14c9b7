"""A host for Swedish year-end closing (bokslut) whose data sources are plugins."""

import os

# pydantic looks for plugins of its own in every installed distribution when it makes its first model, and fails over
# one whose metadata is broken. The host must start whatever is installed (T H1), and wants no such plugin.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
