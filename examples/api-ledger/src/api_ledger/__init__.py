"""A data source over an OAuth2 API: `plugin` has the hooks, `api` the calls, `answers` what comes back."""
