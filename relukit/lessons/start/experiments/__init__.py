"""What the start page measures: the race with which the course opens."""
