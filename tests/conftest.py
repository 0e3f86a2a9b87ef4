"""What every test may ask for."""

pytest_plugins = ["postgres", "log_storm", "spec", "real_log", "server", "worlds", "browsing"]
