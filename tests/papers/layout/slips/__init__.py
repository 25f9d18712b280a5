"""A paper of less than a sheet, and its Lampiran."""
