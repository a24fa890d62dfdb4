/** Sequential reader of Kafka's primitive types. Throws a RangeError at the end of the bytes. */
export class ByteReader {
  constructor(
    private readonly bytes: Buffer,
    public at = 0,
    readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  varInt(): number {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = this.bytes[this.advance(1)] ?? 0;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80 && shift < 35);
    return (value >>> 1) ^ -(value & 1);
  }

  /** Exact up to 2^53, as milliseconds are. */
  varLong(): number {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.bytes[this.advance(1)] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte & 0x80 && scale < 2 ** 70);
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Reads a text with a 2-byte length prefix. */
  string(): string {
    const length = this.int16();
    return length < 0 ? '' : this.text(length);
  }

  /** Reads bytes with a varint length prefix (-1 means null). The result is a view. */
  varBytes(): Buffer | null {
    const length = this.varInt();
    return length < 0 ? null : this.bytesOf(length);
  }

  /** Reads bytes with a 4-byte length prefix (-1 means null). The result is a view. */
  bytes32(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.bytesOf(length);
  }

  /** The next `size` bytes, as a view. */
  bytesOf(size: number): Buffer {
    const start = this.advance(size);
    return this.bytes.subarray(start, start + size);
  }

  /** Reads a text with a varint length prefix (-1 means null). */
  varText(): string | null {
    const length = this.varInt();
    return length < 0 ? null : this.text(length);
  }

  /**
   * Reads a text with a varint length prefix. If the text equals `expected`, no new string is
   * created.
   */
  varTextLike(expected: string | undefined): string {
    const start = this.at;
    const length = this.varInt();
    if (length < 0) return '';
    if (expected !== undefined && length === expected.length && this.continues(expected))
      return expected;
    this.at = start;
    return this.varText() ?? '';
  }

  /** Reads on past the next `size` bytes with a reader of their own. */
  part(size: number): ByteReader {
    const start = this.advance(size);
    return new ByteReader(this.bytes, start, start + size);
  }

  private continues(ascii: string): boolean {
    if (ascii.length > this.left) return false;
    for (let index = 0; index < ascii.length; index++)
      if (this.bytes[this.at + index] !== ascii.charCodeAt(index)) return false;
    this.at += ascii.length;
    return true;
  }

  private text(length: number): string {
    const start = this.advance(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  private advance(size: number): number {
    const start = this.at;
    if (size < 0 || start + size > this.end)
      throw new RangeError(`${size} bytes at ${start} are beyond ${this.end}`);
    this.at = start + size;
    return start;
  }
}
