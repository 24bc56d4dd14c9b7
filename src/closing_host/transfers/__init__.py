"""The border to the sources: what crosses it in either direction, and the connections that it crosses on."""
