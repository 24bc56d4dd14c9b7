"""English by code, one module per area; Swedish stands in `locale/sv/*.po`."""
