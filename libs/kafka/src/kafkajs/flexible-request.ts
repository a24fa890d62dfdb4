import { createRequire } from 'node:module';
import type { Broker } from './clusters.js';
import { FlexibleReader } from './flexible-fields.js';

interface Exchange<T> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<unknown>;
  };
  readonly response: {
    readonly decode: (bytes: Buffer) => Promise<T>;
    readonly parse: (answer: T) => Promise<T>;
  };
}

interface Encoder {
  writeBuffer(bytes: Buffer): Encoder;
}

interface Connections {
  send<T>(exchange: Exchange<T>): Promise<T>;
}

export type RequestKind = readonly [apiName: string, apiKey: number, apiVersion: number];

export type Read<T> = (reader: FlexibleReader) => T;

// Internals of the pinned kafkajs, tested against a real broker.
const inside = createRequire(import.meta.url);
const KafkajsEncoder = inside('kafkajs/src/protocol/encoder.js') as new () => Encoder;

/** Sends a request that kafkajs does not know, over a connection of kafkajs. */
export function askBroker<T>(
  { connectionPool }: Broker,
  [apiName, apiKey, apiVersion]: RequestKind,
  body: Buffer,
  read: Read<T>,
): Promise<T> {
  return (connectionPool as Connections).send({
    request: {
      apiName,
      apiKey,
      apiVersion,
      encode: () => Promise.resolve(new KafkajsEncoder().writeBuffer(body)),
    },
    response: {
      decode: async (bytes) => Promise.resolve(read(new FlexibleReader(bytes))),
      parse: (answer) => Promise.resolve(answer),
    },
  });
}
