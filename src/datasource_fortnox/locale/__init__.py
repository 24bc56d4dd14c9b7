"""The Fortnox source's own words."""
