"""What a trained model is and which one counts: card, files, identity, promotion, what it learned from."""
