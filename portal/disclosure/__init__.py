"""Documents that the village publishes: numbered, dated, recorded, and open to everybody."""
