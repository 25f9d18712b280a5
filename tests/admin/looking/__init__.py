"""Who looked at what: the pages, who may open them, and that no door forgets to note."""
