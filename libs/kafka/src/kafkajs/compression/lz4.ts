import { copyBack, literal } from './snappy.js';

const FRAME_MARK = 0x184d2204;
const [BLOCK_CHECKSUM, CONTENT_SIZE, DICTIONARY] = [0x10, 0x08, 0x01];
const UNCOMPRESSED = 0x8000_0000;

/**
 * Decodes an LZ4 frame (lz4_Frame_format.md of lz4/lz4). Frame checksums are ignored: the
 * surrounding batch has a checksum, and old Kafka clients compute the header checksum wrongly.
 * Throws a RangeError for incomplete input or output larger than `limit`.
 */
export function lz4Decompress(bytes: Buffer, limit: number): Buffer {
  if (bytes.readUInt32LE(0) !== FRAME_MARK) throw new RangeError('no frame of LZ4');
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
        : block(bytes.subarray(at, at + size), out, to);
    at += size + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
  return out.subarray(0, to);
}

/**
 * Grows the output buffer. All blocks share a single buffer, because a block may reference earlier
 * blocks.
 */
function withCapacity(out: Buffer, to: number, needed: number, limit: number): Buffer {
  if (out.length - to >= needed || out.length === limit) return out;
  const larger = Buffer.alloc(Math.min(Math.max(out.length * 2, to + needed), limit));
  out.copy(larger, 0, 0, to);
  return larger;
}

/**
 * Decodes sequences (lz4_Block_format.md): literals, followed by a copy of earlier output. The last
 * sequence contains literals only.
 */
function block(bytes: Buffer, out: Buffer, start: number): number {
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
