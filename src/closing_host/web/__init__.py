"""The pages: server-rendered, on loopback, for the user of this machine. See docs/architecture.md, "The pages"."""
