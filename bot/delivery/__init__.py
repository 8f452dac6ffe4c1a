"""Hands: each effect becomes the one call that performs it, and its outcome goes back to a story."""
