"""The panel as it runs: real processes, told to end, started where it must not be, on a disk that fills."""
