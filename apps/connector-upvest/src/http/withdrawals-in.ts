interface WithdrawalEvent {
  readonly type: string;
  readonly object: { readonly id: string };
}

/**
 * What a package of events is worth: the ids of withdrawals to look up now. The statuses in it are not read: deliveries repeat and may
 * come in any order, a look-up finds the truth.
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
