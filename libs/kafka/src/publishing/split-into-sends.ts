import type { OutgoingMessage } from '@sluice/postgres';

/** Upper bound of a record's overhead beyond key, value and headers. */
const RECORD_OVERHEAD_BYTES = 64;

/**
 * Splits messages in order into sends of at most `limitBytes`; a larger message is sent alone. All
 * messages of a send may end up in a single record batch. A broker always rejects a batch above the
 * topic's `max.message.bytes` (default 1 MiB).
 */
export function splitIntoSends(
  messages: readonly OutgoingMessage[],
  limitBytes: number,
): OutgoingMessage[][] {
  const sends: OutgoingMessage[][] = [];
  let bytesLeft = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = sends.at(-1);
    if (last && size <= bytesLeft) last.push(message);
    else {
      sends.push([message]);
      bytesLeft = limitBytes;
    }
    bytesLeft -= size;
  }
  return sends;
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD_BYTES + Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name] ?? '') + 2;
  return size;
}
