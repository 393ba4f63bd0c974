"""What tests of several packages share: made documents, servers, small reviews."""
