"""The words of findings and errors by code, in English; Swedish stands in `locale/sv/*.po`, one file per area.

Each area is a module here with `MESSAGES`: code to English text with `{parameter}` places.
"""
