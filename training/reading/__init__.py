"""Reading of ink: from pen strokes to characters."""
