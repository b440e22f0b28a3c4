"""The kiosk's rules: state, events, actions and effects; pure."""
