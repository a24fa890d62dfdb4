import { readConfig, secretFile, setting, text, url, type Environment } from '@sluice/config';
import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import type { AmountReading } from './venue/bitmart.mapping.js';

export type BitmartConfig = ReturnType<typeof bitmartConfig>;

/** Throws one ConfigError that names every fault. */
export const bitmartConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...CONNECTOR_SETTINGS,
    /** No default: BitMart has no test network, and real money needs a deliberate setting. */
    baseUrl: url('BITMART_BASE_URL'),
    apiKey: text('BITMART_API_KEY'),
    apiSecret: secretFile('BITMART_API_SECRET', { fileInProduction: true }),
    /** Chosen with the key; signed and never sent. */
    memo: secretFile('BITMART_MEMO', { fileInProduction: true }),
    amountIs: setting<AmountReading>('BITMART_AMOUNT_IS', readReading, 'gross'),
    /** From then on nothing is sent. By default the moment at which the platform ceases to operate. */
    refuseFrom: setting('BITMART_REFUSE_FROM', readTime, new Date('2027-01-31T15:59:00Z')),
  });

function readReading(value: string): AmountReading {
  if (value !== 'gross' && value !== 'net') throw new Error('must be gross or net');
  return value;
}

function readTime(value: string): Date {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new Error('must be a time in UTC like 2027-01-31T15:59:00Z');
  return new Date(value);
}
