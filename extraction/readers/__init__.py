"""Readers: a file of one format to a Document."""
