import type { SimulatedName } from '@sluice/stack';

export type Language = 'Python' | 'Go' | 'Java' | 'JavaScript';

/** Client library and the program for reading and withdrawing with the library. */
export interface ClientLibrary {
  readonly language: Language;
  /** Name in the package index. */
  readonly library: string;
  readonly version: string;
  readonly venues: readonly SimulatedName[];
  /** File, or package of Go, below `programs/<language>`. */
  readonly program: string;
}

const python = (
  library: string,
  version: string,
  venues: readonly SimulatedName[],
  program: string,
): ClientLibrary => ({ language: 'Python', library, version, venues, program });
const go = (
  library: string,
  version: string,
  venue: SimulatedName,
  program: string,
): ClientLibrary => ({
  language: 'Go',
  library,
  version,
  venues: [venue],
  program,
});
const javaScript = (
  library: string,
  version: string,
  venues: readonly SimulatedName[],
): ClientLibrary => ({
  language: 'JavaScript',
  library,
  version,
  venues,
  program: `${library}.mjs`,
});

export const CLIENTS: readonly ClientLibrary[] = [
  python('gate-api', '7.2.161', ['gateio'], 'gate_api_client.py'),
  python('pybit', '5.17.0', ['bybit'], 'pybit_client.py'),
  python('bitmart-python-sdk-api', '2.8.0', ['bitmart'], 'bitmart_client.py'),
  python('ccxt', '4.5.70', ['gateio', 'bitmart', 'bybit'], 'ccxt_client.py'),
  python('upvest-investment-api', '0.0.1', ['upvest'], 'upvest_client.py'),
  go('github.com/gateio/gateapi-go/v7', 'v7.1.8', 'gateio', 'gateio'),
  go(
    'github.com/bybit-exchange/bybit.go.api',
    'v0.0.0-20250727214011-c9347d6804d6',
    'bybit',
    'bybit',
  ),
  go('github.com/hirokisan/bybit/v2', 'v2.36.0', 'bybit', 'bybit-hirokisan'),
  {
    language: 'Java',
    library: 'io.gate:gate-api',
    version: '6.57.0',
    venues: ['gateio'],
    program: 'GateApiClient.java',
  },
  javaScript('gate-api', '7.2.144', ['gateio']),
  javaScript('gateio-api', '1.6.4', ['gateio']),
  javaScript('bybit-api', '4.7.7', ['bybit']),
  javaScript('bitmart-api', '2.5.1', ['bitmart']),
  javaScript('ccxt', '4.5.70', ['gateio', 'bitmart', 'bybit']),
];
