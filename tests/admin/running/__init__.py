"""The panel as it runs: real processes, stopped by a signal, started where it must not be, on a disk that fills."""
