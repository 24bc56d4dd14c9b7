"""A host for Swedish year-end closing (bokslut) whose data sources are plugins."""
