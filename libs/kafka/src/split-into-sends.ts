import type { OutgoingMessage } from '@sluice/postgres';

/** An upper bound of what a record adds to its key, value and headers. */
const RECORD_OVERHEAD_BYTES = 64;

/**
 * Splits messages, in order, into sends of at most `limitBytes`, or of one larger message. All messages of one send may be in one record batch,
 * and a broker refuses a batch above the topic's `max.message.bytes` (1 MiB by default), however often it is tried.
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
