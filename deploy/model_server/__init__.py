"""The app's models behind MLServer, which speaks the Open Inference Protocol v2 and has no ONNX runtime of its own."""
