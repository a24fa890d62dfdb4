/** Content of a payment that waits, as people vote on it. */
export type PaymentContent = Readonly<Record<string, unknown>>;

/**
 * Parses the content of a payment. Null if the text has more than one reading, or belongs to another
 * withdrawal: a vote would cover something else than the person saw.
 */
export function paymentContent(text: string, withdrawalId: string): PaymentContent | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) return null;
  if (JSON.stringify(content) !== text) return null;
  const { withdrawal_id: of } = content as PaymentContent;
  return of === withdrawalId ? (content as PaymentContent) : null;
}

interface Vote {
  readonly decision: string;
  readonly groups: readonly string[];
}

/** Counts the approvals of each group, such as `1 of 2 of treasury`. */
export function groupCounts(content: PaymentContent, votes: readonly Vote[]): readonly string[] {
  const { groups } = content;
  if (!Array.isArray(groups)) return [];
  return groups.map((one: unknown) => {
    const { group, need } = Object(one) as { readonly group?: unknown; readonly need?: unknown };
    const given = votes.filter(
      ({ decision, groups: own }) => decision === 'approve' && own.some((name) => name === group),
    );
    return `${given.length} of ${String(need)} of ${String(group)}`;
  });
}
