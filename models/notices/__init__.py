"""What staff are told by letter: how much waits, each working morning; what came back or went late. Counts, no case."""
