"""The PDF kit: fonts, building blocks and the common frame of everything the village prints."""
