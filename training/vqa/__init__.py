"""Visual question answering: a question LSTM that looks at a photo's regions. See `python -m training.vqa --help`."""
