"""Figures: rates asked of the lake and the catalogue, each answer with what it was reckoned from."""
