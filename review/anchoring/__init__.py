"""Where in a document a code stands: words on the page images or in the flowing text, and their rectangles."""
