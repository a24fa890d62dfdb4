/** Tags of ASN.1 DER, limited to the needs of a certificate. */
const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

export function der(tag: keyof typeof TAG | number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const head = typeof tag === 'number' ? tag : TAG[tag];
  return Buffer.concat([Buffer.from([head]), lengthOf(content.length), content]);
}

/** Encodes an object identifier in dotted form, `2.5.4.3`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der('objectId', Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A whole number above zero, of however many bytes. */
export function integer(bytes: Uint8Array): Buffer {
  return der('integer', (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.from([0, ...bytes]));
}

export function bits(bytes: Uint8Array): Buffer {
  return der('bitString', Buffer.from([0]), bytes);
}

/** `261122120000Z`: to the second, and good until 2049. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+Z/g, '');
  return der('time', Buffer.from(`${digits.slice(2)}Z`));
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** Seven bits a byte, the highest first, all but the last with the eighth set. */
function base128(value: number): number[] {
  const last = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) last.unshift(0x80 | (rest & 0x7f));
  return last;
}
