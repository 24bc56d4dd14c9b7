"""Runs: what makes one import or export visible while it goes on, and known when it has ended."""
