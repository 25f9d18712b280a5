"""The one writer: order, detours, clocks, drafts, receiving."""
