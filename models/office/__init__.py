"""The office itself: people and posts, units, lists, settings, wording, hours and days off; nothing of any case."""
