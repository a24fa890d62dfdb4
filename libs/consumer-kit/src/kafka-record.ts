import { bytesAsText } from './bytes-as-text.js';

type Header = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** The required parts of a record of `withdrawal.events`; a `KafkaMessage` of kafkajs fits. */
export interface KafkaRecord {
  readonly key?: Uint8Array | string | null;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly value: Uint8Array | string | null;
}

/** Returns a header, null if missing or empty. A repeated header has the first value. */
export function textHeader({ headers }: KafkaRecord, name: string): string | null {
  const given = headers?.[name];
  const first = typeof given === 'object' && !(given instanceof Uint8Array) ? given[0] : given;
  return first === undefined || first.length === 0 ? null : bytesAsText(first);
}
