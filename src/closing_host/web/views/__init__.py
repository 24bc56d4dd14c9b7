"""What answers each address, one module per subject. Views reach data through `desk` and `office` only."""
