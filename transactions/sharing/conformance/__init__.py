"""What a contributor's program meets, asked of a sandbox from outside: each check passes or fails by name."""
