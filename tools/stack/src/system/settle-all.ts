/**
 * Like Promise.all, but fails only after every part has ended: parts still starting can be stopped
 * afterwards.
 */
export async function settleAll<T extends readonly unknown[] | []>(
  parts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
