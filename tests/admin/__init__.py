"""The panel through its doors, as people of each role meet it."""
