"""Retrieval measured: a fictional shop's pages in eight languages, and questions whose answers are known."""
