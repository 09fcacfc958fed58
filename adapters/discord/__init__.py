"""Discord: slash commands, mentions and buttons in, embeds out, and a poster for the daily quote."""
