"""The first administrator of a new panel: a link printed on the server, and the page behind it."""
