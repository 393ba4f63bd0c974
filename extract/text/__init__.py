"""Text by itself: language, sentences, words broken at line ends, numbering, kinds of section."""
