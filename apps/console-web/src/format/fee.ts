/** Fee for people, such as `0.2 % + 1`; null without a price of its own. */
export function feeText(
  percent: string | null | undefined,
  flat: string | null | undefined,
): string | null {
  const parts = [
    typeof percent === 'string' ? `${percent} %` : null,
    typeof flat === 'string' ? flat : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' + ');
}
