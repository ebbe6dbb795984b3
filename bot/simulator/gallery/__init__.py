"""Every message on one page, and the script of a service."""
