"""From text to passages: the edition format, its alignment to the raw text, times, and the cut into passages."""
