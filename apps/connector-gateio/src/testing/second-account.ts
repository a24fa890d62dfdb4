/** Second account of the tests; imported first, because libs/messages reads the names once. */
export const SECOND = 'gateio-treasury';
process.env['VENUE_ACCOUNTS'] = SECOND;
