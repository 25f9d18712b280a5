"""The office's settings as pages: inputs, values of every day, the checklist of what must be filled in."""
