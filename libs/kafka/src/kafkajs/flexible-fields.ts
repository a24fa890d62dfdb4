import { ByteReader } from './record-codec/byte-reader.js';

/**
 * Kafka's flexible responses: lengths are unsigned varints of the count plus 1, and tagged fields
 * may follow each part.
 */
export class FlexibleReader extends ByteReader {
  nullableText(): string | null {
    const length = this.unsigned() - 1;
    return length < 0 ? null : this.bytesOf(length).toString('utf8');
  }

  list<T>(readOne: () => T): T[] {
    return Array.from({ length: Math.max(0, this.unsigned() - 1) }, readOne);
  }

  /** Skips the tagged fields; no tagged field is used. */
  tags(): void {
    for (let left = this.unsigned(); left > 0; left--) {
      this.unsigned();
      this.bytesOf(this.unsigned());
    }
  }

  private unsigned(): number {
    let [value, scale, byte] = [0, 1, 0];
    do {
      byte = this.bytesOf(1)[0] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte & 0x80 && scale < 2 ** 35);
    return value;
  }
}

/** No tagged field follows. */
export const NO_TAGS = Buffer.of(0);

/** Writers for Kafka's newer, flexible requests; lengths are varints of the count plus 1. */
export function compactBytes(bytes: Buffer): Buffer {
  return Buffer.concat([unsigned(bytes.length + 1), bytes]);
}

export function compactText(text: string): Buffer {
  return compactBytes(Buffer.from(text));
}

export function compactArray(items: readonly Buffer[]): Buffer {
  return Buffer.concat([unsigned(items.length + 1), ...items]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function unsigned(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left >>>= 7) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}
