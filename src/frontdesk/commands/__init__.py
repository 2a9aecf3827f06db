"""The commands of `frontdesk`, one a file."""
