"""A paper of less than a sheet: what room its parts take, measured before it is set, and the Lampiran it may need."""
