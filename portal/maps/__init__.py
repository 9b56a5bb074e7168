"""Maps: sheets of layers, land-use classes, GeoJSON in, drawings out (SVG and PDF plate)."""
