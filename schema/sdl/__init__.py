"""The schemas as text, for those who build against them; `python -m schema.sdl` writes them anew."""
