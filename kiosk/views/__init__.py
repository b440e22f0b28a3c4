"""What each screen shows, ready to be drawn, from the state of the flow; pure."""
