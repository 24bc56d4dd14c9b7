"""One module per revision, `0001_…`, `0002_…`, in a single line."""
