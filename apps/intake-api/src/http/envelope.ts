/** One object. */
export function single<T>(data: T) {
  return { success: true as const, message: 'OK', data };
}

/** A whole set; `data_count` is part of the contract for these. */
export function whole<T>(data: readonly T[]) {
  return { success: true as const, message: 'OK', data, data_count: data.length };
}

/** Every failure; nothing but the message leaves. */
export function refused(message: string) {
  return { success: false as const, message };
}
