/** UTF-8 bytes, as clients of Kafka and HTTP servers hand them over, or text as it is. */
export function bytesAsText(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : new TextDecoder().decode(value);
}
