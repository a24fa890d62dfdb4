import { createRequire } from 'node:module';

/** A new user's setup: defaults, the simulator's address, the published credentials. */
export interface ClientSetup {
  readonly library:
    | 'ccxt gate'
    | 'ccxt bybit'
    | 'ccxt bitmart'
    | 'gate-api'
    | 'gateio-api'
    | 'bybit-api'
    | 'bitmart-api';
  /** `base_url` of the credentials. */
  readonly baseUrl: string;
  readonly key: string;
  readonly secret: string;
  readonly memo: string;
  /** Options of the library, for tests of an option. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Offset of the machine's clock in milliseconds. */
  readonly clockOffMs: number;
}

interface Api {
  [name: string]: unknown;
}
type Constructor = new (...args: readonly unknown[]) => Api;
type Library = Readonly<Record<string, Constructor>>;

const require = createRequire(import.meta.url);

/** The library's objects by name; a single object has the empty name. */
export function openClient(setup: ClientSetup): Readonly<Record<string, object>> {
  const { library, baseUrl, key, secret, memo, options } = setup;
  switch (library) {
    case 'ccxt gate':
    case 'ccxt bybit':
    case 'ccxt bitmart':
      return { '': openCcxt(library.slice('ccxt '.length), setup) };
    case 'gate-api':
      return openGateApi(setup);
    case 'gateio-api':
      return {
        '': make('gateio-api', 'RestClient', {
          apiKey: key,
          apiSecret: secret,
          baseUrl,
          ...options,
        }),
      };
    case 'bybit-api':
      return { '': make('bybit-api', 'RestClientV5', { key, secret, baseUrl, ...options }) };
    case 'bitmart-api':
      return {
        '': make('bitmart-api', 'RestClient', {
          apiKey: key,
          apiSecret: secret,
          apiMemo: memo,
          baseUrl,
          ...options,
        }),
      };
  }
}

/** Replaces the host of every address in `urls.api` by the simulator's. */
function openCcxt(venue: string, { baseUrl, key, secret, memo, options }: ClientSetup): Api {
  const exchange = make('ccxt', venue, {
    apiKey: key,
    secret,
    ...(memo !== '' && { uid: memo }),
    ...options,
  });
  const urls = exchange['urls'] as { api: unknown };
  urls.api = rehosted(urls.api, new URL(baseUrl).origin);
  return exchange;
}

function rehosted(value: unknown, origin: string): unknown {
  if (typeof value === 'string') return value.replace(/^https?:\/\/[^/]+/, origin);
  return Object.fromEntries(
    Object.entries(value as object).map(([name, inner]) => [name, rehosted(inner, origin)]),
  );
}

function openGateApi({ baseUrl, key, secret }: ClientSetup): Readonly<Record<string, object>> {
  const axios = createRequire(require.resolve('gate-api'))('axios') as { create(): object };
  const client = make('gate-api', 'ApiClient', baseUrl, axios.create()) as Api & {
    setApiKeySecret(key: string, secret: string): void;
  };
  client.setApiKeySecret(key, secret);
  const apis = ['WithdrawalApi', 'WalletApi', 'SpotApi'];
  return Object.fromEntries(apis.map((name) => [name, make('gate-api', name, client)]));
}

function make(packageName: string, name: string, ...args: readonly unknown[]): Api {
  const Class = (require(packageName) as Library)[name];
  if (!Class) throw new Error(`${packageName} has no ${name}`);
  return new Class(...args);
}

export interface HostCall {
  readonly id: number;
  readonly client: number;
  /** `withdraw`, or `WalletApi.listPushOrders` where a library has several objects. A property is read instead of called. */
  readonly name: string;
  /** Arguments of the call; null means an omitted argument. */
  readonly args: readonly unknown[];
}

/** Opens a client; the argument is the setup, the result the client's number. */
export const OPEN = ' open';

export type HostReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly thrown: Thrown };

/** Error thrown by a library; each field exists in at least some library. */
export interface Thrown {
  /** The error's class, `Object` for a plain object. */
  readonly type: string;
  readonly message: unknown;
  readonly code: unknown;
  readonly body: unknown;
  /** Axios's. */
  readonly status: unknown;
  readonly data: unknown;
  readonly headers: unknown;
}
