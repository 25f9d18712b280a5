"""Papers on screen: issued ones and drafts, bundles, signature marks, previews; evidence upload and download."""
