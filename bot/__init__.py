"""The shared core: it knows episodes, search and delivery, and no chat platform."""
