import kafkajs from 'kafkajs';
import { decompress } from './compression/decompress.js';
import { patchKafkajsRecords } from './record-codec/patch-kafkajs-records.js';

/** `ours` replaces the kafkajs codec for the whole process. */
export type RecordCodec = 'ours' | 'kafkajs';

let chosen: RecordCodec | null = null;

/** Throws if another codec was chosen before: the patch cannot be undone. */
export function chooseRecordCodec(codec: RecordCodec): void {
  if (chosen === codec) return;
  if (chosen !== null)
    throw new Error(`this process codes records by ${chosen}, and cannot change that`);
  chosen = codec;
  if (codec === 'ours') patchKafkajsRecords();
  else readAllCompressions();
}

/**
 * Registers decompressors, because kafkajs has only gzip. This system sends no compressed messages.
 */
function readAllCompressions(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs; // not visible to Node as named exports
  const { Snappy, LZ4, ZSTD } = CompressionTypes;
  for (const type of [Snappy, LZ4, ZSTD] as const)
    CompressionCodecs[type] = () => ({
      compress: () => Promise.reject(new Error('nothing is sent compressed')),
      decompress: async (bytes: Buffer) => Promise.resolve(decompress(type, bytes)),
    });
}
