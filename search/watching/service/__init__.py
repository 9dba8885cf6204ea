"""The verbs of saved searches, watch lists and wanted notices; none commits."""
