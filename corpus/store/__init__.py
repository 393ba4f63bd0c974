"""Where PDFs and caches lie: by content hash on this machine or in an object store, and the lease on a workspace."""
