const LONGEST_PATTERN = 1_024;

/** Finds bytes in a stream of chunks, also across the border of two chunks. A match inside an earlier chunk is not found again. */
export class ByteWatch {
  private tail: Buffer = Buffer.alloc(0);
  private newest: Buffer = Buffer.alloc(0);

  see(chunk: Buffer): void {
    this.tail = Buffer.concat([this.tail, this.newest]).subarray(-LONGEST_PATTERN);
    this.newest = chunk;
  }

  contains(pattern: string | Buffer): boolean {
    const reach = Buffer.byteLength(pattern) - 1;
    const before = reach === 0 ? Buffer.alloc(0) : this.tail.subarray(-reach);
    return Buffer.concat([before, this.newest]).includes(pattern);
  }
}
