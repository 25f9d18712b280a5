"""Issued papers and drafts on screen: list, PDF, bundles, marks, previews; what they say is a floor below."""
