"""Scores: the published scorers for evaluation, and the fast ones that training needs."""
