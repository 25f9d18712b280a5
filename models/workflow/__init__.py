"""The only writer of complaints: intake, transitions and everything they write, and the proof chain over the rows."""
