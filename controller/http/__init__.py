"""The HTTP door: the API of the contract, and the light pages of officers, supervisors and citizens."""
