"""The pure rules of fair play: ties, who may not bid and by which rule, the barred list, leads."""
