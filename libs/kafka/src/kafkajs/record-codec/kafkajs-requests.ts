import { createRequire } from 'node:module';
import type { FetchArgs } from './decode-fetch.js';
import type { Produce } from './encode-records.js';

/** How kafkajs 2.2.4 codes one kind of request, by version of the protocol. */
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

// Inside kafkajs, so its types leave them out; the version is pinned, and the tests beside this compare with what it does.
const inside = createRequire(import.meta.url);
export const produceRequests = inside(
  'kafkajs/src/protocol/requests/produce/index.js',
) as RequestTable<Produce, ProduceExchange>;
export const fetchRequests = inside('kafkajs/src/protocol/requests/fetch/index.js') as RequestTable<
  FetchArgs,
  FetchExchange
>;
