-- What a camera sees, in words of the fleet's own; '': nobody said. A version that is tried on some cameras gets of every scene its share.
ALTER TABLE cameras ADD COLUMN scene VARCHAR(64) NOT NULL DEFAULT '';
