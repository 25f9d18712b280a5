"""The panel measured beside other list applications; each peer runs in an environment of its own."""
