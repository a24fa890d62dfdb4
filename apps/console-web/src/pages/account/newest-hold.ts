import type { HoldDto } from '@sluice/http-api';

/** Withdrawal of the hold that was decided last; null without a hold. */
export function newestOf(
  holds: readonly Pick<HoldDto, 'withdrawal_id' | 'decided_at'>[],
): string | null {
  const [newest] = holds.toSorted(
    (one, other) => Date.parse(other.decided_at) - Date.parse(one.decided_at),
  );
  return newest?.withdrawal_id ?? null;
}
