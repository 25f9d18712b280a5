"""The Kepala Dinas at his desk by clicking, and reading on a phone: what a tap decides, and what it does not."""
