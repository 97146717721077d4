"""Offering: what a person changes of what channels offer, planned and looked at before it is done. Pure."""
