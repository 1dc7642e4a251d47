"""The handset's page: HTTP for browsers, by microdot, where the settings want it."""
