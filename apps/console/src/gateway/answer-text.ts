import type { UpstreamAnswer } from './called-services.js';

const MOST_BYTES = 2_097_152;

/** Reads the whole answer of a service. Throws if it is too large or breaks off. */
export async function textOf({ body }: UpstreamAnswer): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error('the answer is too large'); // leaving the loop ends it
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
