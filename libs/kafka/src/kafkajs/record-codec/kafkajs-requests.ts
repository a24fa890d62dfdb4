import { createRequire } from 'node:module';
import type { FetchArgs } from './decode-fetch.js';
import type { Produce } from './encode-records.js';

/** Request codecs of kafkajs 2.2.4 for a request type, by protocol version. */
interface RequestTable<Args, Exchange> {
  protocol: (of: { version: number }) => (args: Args) => Exchange;
}

export interface ProduceExchange {
  readonly request: {
    readonly encode: () => Promise<{
      readonly buf: Buffer;
      readonly buffer: Buffer;
      size(): number;
    }>;
  };
  readonly response: unknown;
}

export interface FetchExchange {
  readonly request: unknown;
  readonly response: { readonly decode: (bytes: Buffer) => Promise<unknown> };
}

// kafkajs internals are missing from the published types. The version is pinned, and tests in this
// folder compare the results with kafkajs.
const inside = createRequire(import.meta.url);
export const produceRequests = inside(
  'kafkajs/src/protocol/requests/produce/index.js',
) as RequestTable<Produce, ProduceExchange>;
export const fetchRequests = inside('kafkajs/src/protocol/requests/fetch/index.js') as RequestTable<
  FetchArgs,
  FetchExchange
>;
