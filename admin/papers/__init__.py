"""Papers on screen: issued ones and drafts, bundles, marks, previews; files handed in and out."""
