"""Measures Switchboard on this machine; nothing here is a test, and no figure makes anything fail."""
