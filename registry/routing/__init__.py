"""Routing: which channel a person is sent to, and why not the others.

The policy is data, so a change of rule is a change of one table and its
examples. Nothing here reads the clock or the database.
"""
