// Loaded before the tables of services, which read the variable once.
process.env['VENUE_ACCOUNTS'] = 'gateio-treasury';
