"""Handwriting synthesis: from characters to pen strokes."""
