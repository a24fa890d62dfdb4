const POLYNOMIAL = 0x82f63b78;

/** Row n of 256 advances a checksum over a byte that n further bytes follow, so that eight bytes go in one step. */
const TABLE = table();

/** CRC-32C (Castagnoli), as record batches carry it. Node's own `zlib.crc32` is the other polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1;
  let at = 0;
  for (const end = bytes.length - 7; at < end; at += 8) {
    crc ^= of(bytes, at) | (of(bytes, at + 1) << 8) | (of(bytes, at + 2) << 16) | (of(bytes, at + 3) << 24);
    crc =
      of(TABLE, 1792 + (crc & 0xff)) ^
      of(TABLE, 1536 + ((crc >>> 8) & 0xff)) ^
      of(TABLE, 1280 + ((crc >>> 16) & 0xff)) ^
      of(TABLE, 1024 + (crc >>> 24)) ^
      of(TABLE, 768 + of(bytes, at + 4)) ^
      of(TABLE, 512 + of(bytes, at + 5)) ^
      of(TABLE, 256 + of(bytes, at + 6)) ^
      of(TABLE, of(bytes, at + 7));
  }
  for (; at < bytes.length; at++) crc = of(TABLE, (crc ^ of(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function of(numbers: Uint8Array | Int32Array, at: number): number {
  return numbers[at] as number;
}

function table(): Int32Array {
  const rows = new Int32Array(8 * 256);
  for (let value = 0; value < 256; value++) {
    let crc = value;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    rows[value] = crc;
  }
  for (let at = 256; at < rows.length; at++) {
    const before = of(rows, at - 256);
    rows[at] = of(rows, before & 0xff) ^ (before >>> 8);
  }
  return rows;
}
