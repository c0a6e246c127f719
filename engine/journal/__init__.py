"""The journal, the only room that opens a database: entries go in and stay; what derives from them is kept beside."""
