"""Mail: letters made of templates, sent by SMTP."""
