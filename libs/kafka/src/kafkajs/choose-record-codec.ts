import kafkajs from 'kafkajs';
import { decompress } from './compression/decompress.js';
import { patchKafkajsRecords } from './record-codec/patch-kafkajs-records.js';

/** Who codes records: `ours` replaces the coder inside kafkajs for the whole process, `kafkajs` leaves it as it ships. */
export type RecordCodec = 'ours' | 'kafkajs';

let chosen: RecordCodec | null = null;

/** Throws where another one was chosen before: what is patched stays patched, and checkpoints would be of the wrong kind. */
export function chooseRecordCodec(codec: RecordCodec): void {
  if (chosen === codec) return;
  if (chosen !== null)
    throw new Error(`this process codes records by ${chosen}, and cannot change that`);
  chosen = codec;
  if (codec === 'ours') patchKafkajsRecords();
  else readAllCompressions();
}

/** By itself kafkajs reads gzip alone; these are entered where its manual says. Nothing of ours is sent compressed. */
function readAllCompressions(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs; // Node does not see these two among its named exports
  const { Snappy, LZ4, ZSTD } = CompressionTypes;
  for (const type of [Snappy, LZ4, ZSTD] as const)
    CompressionCodecs[type] = () => ({
      compress: () => Promise.reject(new Error('nothing is sent compressed')),
      decompress: async (bytes: Buffer) => Promise.resolve(decompress(type, bytes)),
    });
}
