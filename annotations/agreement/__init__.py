"""Who codes what, how far coders agree, and who settles what they disagree on."""
