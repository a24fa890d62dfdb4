/** Decodes UTF-8 bytes from Kafka clients and HTTP servers; text is returned unchanged. */
export function bytesAsText(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : new TextDecoder().decode(value);
}
