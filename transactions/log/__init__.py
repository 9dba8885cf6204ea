"""The price log: a Merkle tree over the records, its signed checkpoints, and the proofs they give."""
