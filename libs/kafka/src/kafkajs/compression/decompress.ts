import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { lz4Decompress } from './lz4.js';
import { snappyDecompress } from './snappy.js';

/** The three lowest bits of a batch's attributes. */
export const CODEC_MASK = 0x07;

/**
 * Output limit in bytes. A batch holds about 1 MiB: larger output is an error or an attack, and is
 * not decompressed.
 */
const LARGEST = 64 * 2 ** 20;

const CODECS: Readonly<Record<number, (bytes: Buffer) => Buffer>> = {
  0: (bytes) => bytes,
  1: (bytes) => gunzipSync(bytes, { maxOutputLength: LARGEST }),
  2: (bytes) => snappyDecompress(bytes, LARGEST),
  3: (bytes) => lz4Decompress(bytes, LARGEST),
  4: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: LARGEST }),
};

/** Decompresses all codecs of Kafka. Throws for unknown codecs and invalid bytes. */
export function decompress(codec: number, bytes: Buffer): Buffer {
  const known = CODECS[codec];
  if (!known) throw new RangeError(`compressed by codec ${codec}, which is unknown`);
  return known(bytes);
}
