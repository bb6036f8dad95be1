"""What people and other systems ask: plain values, ready for JSON and for pages."""
