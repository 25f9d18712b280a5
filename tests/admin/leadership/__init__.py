"""The leadership's page over HTTP."""
