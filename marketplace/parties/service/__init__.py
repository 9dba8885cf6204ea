"""The verbs of parties, by whom they are about: institutions, people, sign-ins."""
