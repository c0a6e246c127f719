"""A town's overlays: what it changes in a procedure of the library, and nothing else.

An overlay is laid over the written procedure, as text with places, before anything is validated: what comes out is an
ordinary procedure, linted, drawn and pinned as any other. `docs/overlays.md` is the guide, decision 0008 says why.
"""
