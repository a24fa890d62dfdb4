const LONGEST_VARINT = 5;
/** Varint width for the length of a record between 64 bytes and 8 KiB. */
const USUAL_WIDTH = 2;
/**
 * Shorter texts have a 1-byte length and are copied character by character. The copy is faster than
 * a runtime call.
 */
const SHORT = 64;

/** Sequential writer of Kafka's primitive types into a growing buffer. */
export class ByteWriter {
  at = 0;

  constructor(private bytes: Buffer) {}

  static of(size: number): ByteWriter {
    return new ByteWriter(Buffer.allocUnsafe(Math.max(size, 64)));
  }

  written(from = 0): Buffer {
    return this.bytes.subarray(from, this.at);
  }

  int8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.reserve(4);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.reserve(8);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  /** Overwrites a placeholder at `at` after the value is known. */
  patchInt32(at: number, value: number): void {
    this.bytes.writeInt32BE(value | 0, at);
  }

  varInt(value: number): void {
    this.reserve(LONGEST_VARINT);
    let rest = (value << 1) ^ (value >> 31);
    for (; rest & ~0x7f; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
  }

  /** Writes a text with a 2-byte length prefix (-1 means null). */
  string(text: string | null): void {
    if (text === null) return this.int16(-1);
    const length = Buffer.byteLength(text);
    this.int16(length);
    this.reserve(length);
    this.at += this.bytes.write(text, this.at);
  }

  /** Writes bytes with a varint length prefix (-1 means null). */
  varBytes(value: Buffer | string | null | undefined): void {
    if (typeof value === 'string') return this.varText(value);
    if (value === null || value === undefined) return this.varInt(-1);
    this.varInt(value.length);
    this.reserve(value.length);
    this.at += value.copy(this.bytes, this.at);
  }

  /** Writes the output of `write`, prefixed by the length as a varint. */
  varSized(write: () => void): void {
    const start = this.at;
    this.reserve(LONGEST_VARINT);
    this.at += USUAL_WIDTH;
    write();
    const size = this.at - start - USUAL_WIDTH;
    const width = widthOf(size);
    if (width !== USUAL_WIDTH) {
      this.reserve(LONGEST_VARINT);
      this.bytes.copyWithin(start + width, start + USUAL_WIDTH, this.at);
    }
    this.at = start;
    this.varInt(size);
    this.at += size;
  }

  private varText(text: string): void {
    this.reserve(LONGEST_VARINT + text.length);
    if (text.length < SHORT && this.ascii(text)) return;
    const length = Buffer.byteLength(text);
    this.varInt(length);
    this.reserve(length);
    this.at +=
      length === text.length
        ? this.bytes.write(text, this.at, 'latin1')
        : this.bytes.write(text, this.at);
  }

  private ascii(text: string): boolean {
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = text.length << 1;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      bytes[at++] = code;
    }
    this.at = at;
    return true;
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}

function widthOf(size: number): number {
  let width = 1;
  for (let rest = (size << 1) >>> 7; rest > 0; rest >>>= 7) width++;
  return width;
}
