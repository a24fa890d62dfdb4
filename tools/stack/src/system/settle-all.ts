/** Like Promise.all, but fails only when every part has ended: what was still starting can then be stopped. */
export async function settleAll<T extends readonly unknown[] | []>(
  parts: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
