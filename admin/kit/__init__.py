"""The parts of which every page is made: the closed view, lists, forms, filters, exports; nothing of a single page."""
