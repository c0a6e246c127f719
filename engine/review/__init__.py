"""What is made of an incident afterwards, or shown of it: timeline, reports, exports."""
