"""Lists: the closed view, paging, filters, choosing, cells, inputs, saving, export."""
