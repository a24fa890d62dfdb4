/** Header before each run of blocks from Java clients; other clients send a single bare block. */
const FRAME_MARK = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAME_HEAD = FRAME_MARK.length + 8;

/**
 * Decompresses Snappy data of Kafka producers. Throws a RangeError for incomplete input or output
 * larger than `limit`.
 */
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

/**
 * Decodes a block (format_description.txt of google/snappy): the length, followed by literals and
 * copies of earlier output.
 */
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
export function literal(bytes: Buffer, at: number, size: number, out: Buffer, to: number): number {
  if (at + size > bytes.length || to + size > out.length)
    throw new RangeError('compressed bytes lead beyond their end');
  bytes.copy(out, to, at, at + size);
  return to + size;
}

/**
 * Copies output from `back` bytes earlier; the ranges may overlap and repeat a pattern. Returns the
 * next output position.
 */
export function copyBack(out: Buffer, to: number, back: number, size: number): number {
  if (back === 0 || back > to || to + size > out.length)
    throw new RangeError('compressed bytes point outside of what they make');
  for (let index = 0; index < size; index++) out[to + index] = out[to + index - back] as number;
  return to + size;
}
