"""The floor that our pages are measured against."""
