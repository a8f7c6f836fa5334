"""A language model over characters: an LSTM that says what comes next, and what its units have learned to track."""
