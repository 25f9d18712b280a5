"""From HTML to stored PDF bytes: rendering, its worker processes, the print queue, merged files; no wording."""
