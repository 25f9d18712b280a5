"""What xhtml2pdf and reportlab keep to themselves."""
