"""The lists that the office keeps of itself: people, posts, units, media, categories, hours, numbers; no cases."""
