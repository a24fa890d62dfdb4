import type { OutgoingMessage } from '@sluice/postgres';

/** What a record adds to its key, value and headers, generously. */
const RECORD_OVERHEAD = 64;

/**
 * Cuts messages, in order, into sends that a broker takes: all messages of one send may meet in one record batch, and a batch
 * above the topic's `max.message.bytes` (1 MiB by default) is refused whole, however often it is tried.
 */
export function inSends(
  messages: readonly OutgoingMessage[],
  limitBytes: number,
): OutgoingMessage[][] {
  const sends: OutgoingMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = sends.at(-1);
    if (last && size <= room) last.push(message);
    else {
      sends.push([message]);
      room = limitBytes;
    }
    room -= size;
  }
  return sends;
}

function sizeOf({ key, value, headers }: OutgoingMessage): number {
  let size = RECORD_OVERHEAD + Buffer.byteLength(key) + Buffer.byteLength(value);
  for (const name in headers) size += name.length + Buffer.byteLength(headers[name] ?? '') + 2;
  return size;
}
