"""What counts as proof, held against the hashes that the history's chain keeps of it; what came before gets its own."""
