/** One object. */
export function objectEnvelope<T>(data: T) {
  return { success: true as const, message: 'OK', data };
}

/** A whole set; `data_count` is part of the contract for these. */
export function listEnvelope<T>(data: readonly T[]) {
  return { success: true as const, message: 'OK', data, data_count: data.length };
}

/** Every failure; nothing but the message leaves. */
export function errorEnvelope(message: string) {
  return { success: false as const, message };
}
