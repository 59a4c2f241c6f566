"""The face of the platform: how every page looks, reads and behaves."""
