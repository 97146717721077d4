"""The courier: brings announcements to webhooks, again and again until they have arrived or are given up."""
