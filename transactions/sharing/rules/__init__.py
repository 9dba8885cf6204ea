"""Pure: who contributes, what is signed and how, and how much a contributor may read."""
