"""One quote a day: when it is due, which it is, and how it is posted once."""
