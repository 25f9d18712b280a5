"""What others hold, taken in: a file read, each row looked at, and published or taken back."""
