"""The simulated map: stations in Germany, Austria and Italy around the eight virtual charging points."""
