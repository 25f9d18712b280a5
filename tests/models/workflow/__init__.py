"""The one writer: order, detours, clocks, receiving; and the proof of what is written."""
