"""The first administrator of a panel that knows nobody yet."""
