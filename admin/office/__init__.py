"""What the office keeps of itself: settings, checklist, people, posts, lists, hours, backups."""
