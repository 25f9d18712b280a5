"""What an office downloads: the signed archive, its packages, the package for apt; and that they install."""
