"""What decisions teach: a model retrained, measured, and decisions it finds implausible."""
