"""Captioning and visual question answering trained together, on one encoder that learns from both."""
