"""What xhtml2pdf and reportlab keep to themselves and we need: their private names, here and nowhere else."""
