"""The live room: what anybody may see of a sale while it runs, and how changes reach those who watch."""
