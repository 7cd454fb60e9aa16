"""The pictures of docs/desk.md, of a running hotline."""
