"""The steps; each stands as it was released, so none may import bot.store.tables."""
