"""Files from elsewhere: read, judged, published, sorted, taken back."""
