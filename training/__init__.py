"""Training, evaluation and ONNX export of Inkling's models. Run from the repository root: `python -m training.<task> --help`."""
