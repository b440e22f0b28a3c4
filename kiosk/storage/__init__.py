"""What a kiosk keeps on its disk."""
