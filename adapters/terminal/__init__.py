"""The terminal as an adapter: `ilya …`, with no token and no network."""
