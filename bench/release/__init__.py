"""What an office downloads: one archive of code, packages and papers about them, with sums and a signature."""
