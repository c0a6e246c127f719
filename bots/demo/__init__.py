"""The demonstration: a ransomware in a small town, played from a script, killed once on the way and gone on with."""
