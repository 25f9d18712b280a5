"""What the office maintains about itself: settings, checklist, people, posts, lists, hours, backups."""
