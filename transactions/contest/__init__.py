"""Who values best? Estimates filed before a sale, under seal until its outcome is known, scored then."""
