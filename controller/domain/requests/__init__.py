"""What kiosks, ticket holders and administrators ask for; pure."""
