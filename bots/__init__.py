"""Every way in and out of tocsin. No rule of the business lives here."""
