"""English to Russian: an LSTM encoder and decoder, with one vector between them or with attention."""
