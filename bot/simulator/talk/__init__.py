"""Whole conversations written as YAML: read, held, recorded and mended."""
