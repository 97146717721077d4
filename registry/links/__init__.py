"""Link health: looks at addresses politely, and says what is known of them afterwards.

`walk` goes from host to host; `asking` sends the requests, by way of `guard`, which keeps
them out of the network's inside; `meaning` says what an answer, or none, means; `sightings`
what one look found, and what many looks together prove. Only that changes a route.
"""

from registry.links.options import Options
from registry.links.sightings import Outcome, Said, Sighting, after
from registry.links.walk import look_at

__all__ = ["Options", "Outcome", "Said", "Sighting", "after", "look_at"]
