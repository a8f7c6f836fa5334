"""Question answering over stories: a recurrent network that looks at a story's sentences several times."""
