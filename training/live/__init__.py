"""A small encoder for live captions: a MobileNetV2 that learned to see what the large encoder sees."""
