"""Photos and voice that people send: checked, written anew, shown only to who may read them."""
