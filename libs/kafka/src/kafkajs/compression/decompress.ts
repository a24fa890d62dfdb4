import { gunzipSync, zstdDecompressSync } from 'node:zlib';

const LZ4_FRAME_MARK = 0x184d2204;
const [BLOCK_CHECKSUM, CONTENT_SIZE, DICTIONARY] = [0x10, 0x08, 0x01];
const UNCOMPRESSED = 0x8000_0000;

/**
 * LZ4 frame (lz4_Frame_format.md). Ignores frame checksums: the batch has one, and old clients
 * compute them wrongly. Throws a RangeError for incomplete input or output above `limit`.
 */
export function lz4Decompress(bytes: Buffer, limit: number): Buffer {
  if (bytes.readUInt32LE(0) !== LZ4_FRAME_MARK) throw new RangeError('no frame of LZ4');
  const flags = bytes.readUInt8(4);
  if (flags & DICTIONARY) throw new RangeError('LZ4 with a dictionary is not supported');
  const mostInBlock = 2 ** (8 + 2 * ((bytes.readUInt8(5) >>> 4) & 0x07));
  let at = 7 + (flags & CONTENT_SIZE ? 8 : 0);
  let out: Buffer = Buffer.alloc(Math.min(mostInBlock, limit));
  let to = 0;
  for (let head = bytes.readUInt32LE(at); head !== 0; head = bytes.readUInt32LE(at)) {
    const size = head % UNCOMPRESSED;
    at += 4;
    if (at + size > bytes.length) throw new RangeError('a block of LZ4 is cut off');
    out = withCapacity(out, to, mostInBlock, limit);
    to =
      head >= UNCOMPRESSED
        ? literal(bytes, at, size, out, to)
        : lz4Block(bytes.subarray(at, at + size), out, to);
    at += size + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
  return out.subarray(0, to);
}

/** All blocks share a buffer: a block may reference earlier blocks. */
function withCapacity(out: Buffer, to: number, needed: number, limit: number): Buffer {
  if (out.length - to >= needed || out.length === limit) return out;
  const larger = Buffer.alloc(Math.min(Math.max(out.length * 2, to + needed), limit));
  out.copy(larger, 0, 0, to);
  return larger;
}

/**
 * Sequences (lz4_Block_format.md): literals, then a copy of earlier output; the last has literals
 * only.
 */
function lz4Block(bytes: Buffer, out: Buffer, start: number): number {
  let [at, to] = [0, start];
  const longer = (size: number): number => {
    let all = size;
    if (size !== 15) return all;
    for (let byte = 255; byte === 255; all += byte) byte = bytes.readUInt8(at++);
    return all;
  };
  while (at < bytes.length) {
    const token = bytes.readUInt8(at++);
    const literals = longer(token >>> 4);
    to = literal(bytes, at, literals, out, to);
    at += literals;
    if (at >= bytes.length) break;
    const back = bytes.readUInt16LE(at);
    at += 2;
    to = copyBack(out, to, back, longer(token & 0x0f) + 4);
  }
  return to;
}

/** Header before each run of blocks from Java clients; other clients send a single bare block. */
const FRAME_MARK = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAME_HEAD = FRAME_MARK.length + 8;

/** Snappy data. Throws a RangeError for incomplete input or output above `limit`. */
export function snappyDecompress(bytes: Buffer, limit: number): Buffer {
  if (!bytes.subarray(0, FRAME_MARK.length).equals(FRAME_MARK)) return block(bytes, limit);
  const parts: Buffer[] = [];
  let left = limit;
  for (let at = FRAME_HEAD; at < bytes.length;) {
    const size = bytes.readUInt32BE(at);
    if (at + 4 + size > bytes.length) throw new RangeError('a block of Snappy is cut off');
    const part = block(bytes.subarray(at + 4, at + 4 + size), left);
    parts.push(part);
    left -= part.length;
    at += 4 + size;
  }
  return Buffer.concat(parts);
}

/** Block (format_description.txt of google/snappy): length, then literals and copies. */
function block(bytes: Buffer, limit: number): Buffer {
  let [at, length, shift] = [0, 0, 0];
  for (let byte = 0x80; byte & 0x80; shift += 7) {
    byte = bytes.readUInt8(at++);
    length += (byte & 0x7f) * 2 ** shift;
  }
  if (length > limit) throw new RangeError(`${length} bytes of Snappy are more than ${limit}`);
  const out = Buffer.alloc(length);
  let to = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at++);
    const kind = tag & 0x03;
    if (kind === 0) {
      let size = tag >>> 2;
      const extra = Math.max(size - 59, 0);
      if (extra > 0) size = bytes.readUIntLE(at, extra);
      at += extra;
      to = literal(bytes, at, size + 1, out, to);
      at += size + 1;
    } else {
      const width = kind === 3 ? 4 : kind;
      const size = kind === 1 ? ((tag >>> 2) & 0x07) + 4 : (tag >>> 2) + 1;
      const back =
        kind === 1 ? ((tag >>> 5) << 8) | bytes.readUInt8(at) : bytes.readUIntLE(at, width);
      at += width;
      to = copyBack(out, to, back, size);
    }
  }
  if (to !== length) throw new RangeError(`${to} bytes of Snappy instead of ${length}`);
  return out;
}

/** Copies `size` bytes of the input; answers where the output goes on. */
function literal(bytes: Buffer, at: number, size: number, out: Buffer, to: number): number {
  if (at + size > bytes.length || to + size > out.length)
    throw new RangeError('compressed bytes lead beyond their end');
  bytes.copy(out, to, at, at + size);
  return to + size;
}

/** Copies from `back` bytes earlier, possibly overlapping; returns the next position. */
function copyBack(out: Buffer, to: number, back: number, size: number): number {
  if (back === 0 || back > to || to + size > out.length)
    throw new RangeError('compressed bytes point outside of what they make');
  for (let index = 0; index < size; index++) out[to + index] = out[to + index - back] as number;
  return to + size;
}

/** The three lowest bits of a batch's attributes. */
export const CODEC_MASK = 0x07;

/** Output limit in bytes; larger output of a batch of about 1 MiB is an error or an attack. */
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
