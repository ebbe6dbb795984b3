"""Content: the strict reader, the rules between files, and what the shipped files must hold."""
