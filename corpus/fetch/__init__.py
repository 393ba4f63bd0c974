"""From an address or a file given by hand to a checked PDF in the store, politely and safely."""
