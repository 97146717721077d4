"""Link health: looks at addresses politely, and says what is known of them afterwards.

`walk` goes from host to host; `asking` sends the requests, by way of `guard`, which keeps
them out of the network's inside; `meaning` says what an answer, or none, means; `sightings`
what one look found, and what many looks together prove. Only that changes a route.
"""
