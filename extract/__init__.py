"""PDF bytes to Documents: pages, blocks and passages with page, boxes and character span."""
