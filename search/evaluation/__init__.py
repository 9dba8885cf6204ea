"""How well and how fast an engine finds what people judged to be right, on any folder of documents."""
