import { readConfig, secretFile, setting, venueUrl, word, type Environment } from '@sluice/runtime';
import {
  CONNECTOR_SETTINGS,
  connectorRules,
  refusalLookup,
  tooShortFor,
  venueAccount,
} from '@sluice/connector-engine';
import { BITMART_RATE_RULES, HONOURED, LISTED } from './venue/bitmart.capabilities.js';
import type { AmountReading } from './venue/bitmart.mapping.js';

/** API hosts of BitMart. */
export const BITMART_HOSTS = ['api-cloud.bitmart.com'];
/** End of the platform's operation: no withdrawal is sent from this time on. */
const CLOSES_AT = new Date('2027-01-31T15:59:00Z');
/** Meaning of the amount in a submit. */
export const BITMART_AMOUNT_IS = setting<AmountReading>('BITMART_AMOUNT_IS', readReading, 'gross');

export type BitmartConfig = ReturnType<typeof bitmartConfig>;

export const bitmartConfig = (env: Environment = process.env) => ({
  ...readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      venueAccount: venueAccount('bitmart'),
      refusalLookupAfterMs: refusalLookup(LISTED),
      /** No default: BitMart has no test network, and real money needs a deliberate setting. */
      baseUrl: venueUrl('BITMART_BASE_URL', BITMART_HOSTS),
      apiKey: word('BITMART_API_KEY'),
      apiSecret: secretFile('BITMART_API_SECRET', { fileInProduction: true }),
      /** Chosen with the key; signed and never sent. */
      memo: secretFile('BITMART_MEMO', { fileInProduction: true, form: 'phrase' }),
      amountIs: BITMART_AMOUNT_IS,
    },
    [...connectorRules(BITMART_RATE_RULES), (given) => tooShortFor(HONOURED, LISTED, given)],
  ),
  refuseFrom: CLOSES_AT,
});

function readReading(value: string): AmountReading {
  if (value !== 'gross' && value !== 'net') throw new Error('must be gross or net');
  return value;
}
