import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import { readConfig, secret, text, url, type ConfigOf, type Setting } from '@sluice/service-shell';
import type { AmountReading } from './venue/bitmart.mapping.js';

const SETTINGS = {
  ...CONNECTOR_SETTINGS,
  /** No default: BitMart has no test network, and real money needs a deliberate setting. */
  baseUrl: url('BITMART_BASE_URL'),
  apiKey: text('BITMART_API_KEY'),
  apiSecret: secret('BITMART_API_SECRET'),
  /** Chosen with the key; signed and never sent. */
  memo: secret('BITMART_MEMO'),
  amountIs: {
    variable: 'BITMART_AMOUNT_IS',
    fallback: 'gross',
    parse: readReading,
  } as Setting<AmountReading>,
  /** From then on nothing is sent. By default the moment at which the platform ceases to operate. */
  refuseFrom: {
    variable: 'BITMART_REFUSE_FROM',
    fallback: new Date('2027-01-31T15:59:00Z'),
    parse: readTime,
  } as Setting<Date>,
} as const;

export type BitmartConfig = ConfigOf<typeof SETTINGS>;

/** Throws one ConfigError that names every fault. */
export function readBitmartConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): BitmartConfig {
  return readConfig(env, SETTINGS);
}

function readReading(value: string): AmountReading {
  if (value !== 'gross' && value !== 'net') throw new Error('must be gross or net');
  return value;
}

function readTime(value: string): Date {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new Error('must be a time in UTC like 2027-01-31T15:59:00Z');
  return new Date(value);
}
