"""From a query to the passages that answer it: analysis, fields, ranking, and what of a passage to show."""
