"""What the bot remembers, in SQLite or PostgreSQL; no other package holds SQL."""

import logging

# Alembic tells at INFO, already when imported, which plugins and which engine it has; nobody asked.
if logging.getLogger("alembic").level == logging.NOTSET:
    logging.getLogger("alembic").setLevel(logging.WARNING)
