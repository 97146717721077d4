"""Impact: what an edit would do, before it is published. Who loses which channel, which promise breaks, and why.

Pure: a function of a snapshot, the proposed records and a moment. What blocks
publishing is a table in `policy`.
"""
