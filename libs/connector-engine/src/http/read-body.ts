import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: inflateEither,
} as const;

type Limit = { readonly maxOutputLength: number };

/**
 * Text of a body, although `Accept-Encoding: identity` was asked for: decodes the named encodings,
 * or gzip without a header. Throws if a body cannot be decoded or is longer than `longest`.
 */
export async function readBody(bytes: Buffer, encodings: string, longest: number): Promise<string> {
  let body = bytes;
  for (const name of encodingsOf(encodings, bytes)) {
    if (!Object.hasOwn(DECODERS, name)) throw new Error(`unknown content encoding ${name}`);
    body = await DECODERS[name as keyof typeof DECODERS](body, { maxOutputLength: longest });
  }
  return new TextDecoder(charsetOf(body)).decode(body);
}

function encodingsOf(header: string, bytes: Buffer): string[] {
  const named = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .reverse();
  if (bytes.length === 0) return [];
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return named.length === 0 && isGzip ? ['gzip'] : named;
}

/** Servers send `deflate` with and without the zlib header. */
async function inflateEither(bytes: Buffer, limit: Limit): Promise<Buffer> {
  return ((bytes[0] ?? 0) & 0x0f) === 8
    ? promisify(inflate)(bytes, limit)
    : promisify(inflateRaw)(bytes, limit);
}

/** The decoder removes the mark of each. */
function charsetOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
