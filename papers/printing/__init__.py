"""From a page to kept PDF bytes: the engine, its bounded child processes, the press, bundles; no wording."""
