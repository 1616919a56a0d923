-- What authorises a grant: the norm of the rules that require it, as they gave it when it was asked (GDPR Art. 10, for
-- judicial data). NULL: asked before this was kept.
ALTER TABLE varco.grants ADD COLUMN norm text;
