interface WithdrawalEvent {
  readonly type: string;
  readonly object: { readonly id: string };
}

/**
 * Returns the ids of withdrawals to look up after a package of events. The event statuses are
 * ignored, because deliveries repeat and may arrive in any order. A lookup returns the current
 * status.
 */
export function withdrawalsIn(events: readonly unknown[]): readonly string[] {
  return [...new Set(events.filter(isOfWithdrawal).map(({ object }) => object.id.toLowerCase()))];
}

function isOfWithdrawal(event: unknown): event is WithdrawalEvent {
  const { type, object } = fieldsOf(event);
  return (
    typeof type === 'string' &&
    type.startsWith('WITHDRAWAL.') &&
    typeof fieldsOf(object)['id'] === 'string'
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
