"""The light pages: for officers, supervisors and citizens; Jinja2, one style, a little script of our own."""
