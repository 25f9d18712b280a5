"""The one writer: receiving and moving complaints with all that goes with it, and the proof of what is written."""
