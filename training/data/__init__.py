"""Loaders for the public layouts of each data set. Every loader explains the layout it expects when a folder does not fit."""
