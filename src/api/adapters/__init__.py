"""The outside world behind the ports: databases, files, clocks and other people's services."""
