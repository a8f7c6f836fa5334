"""Captioning: a CNN encoder and an LSTM decoder with visual attention. See `python -m training.captioning --help`."""
