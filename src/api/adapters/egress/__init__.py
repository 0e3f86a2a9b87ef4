"""The one way out: to models, webhooks and job pages."""
