"""What others hold: a file read, judged, decided on, published as cases, and taken back."""
