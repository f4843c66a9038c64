-- The address is found too.
UPDATE audit SET search = search || char(10) || lower(address) WHERE address <> '';
