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
