import type { ReactNode } from 'react';
import { amountParts } from '../format/amount.js';

/** Exact amount with grouped digits. The blanks are drawn: a copied text has the exact digits. */
export function Amount({
  value,
  unit,
}: {
  readonly value: string;
  /** Asset or currency. */
  readonly unit?: string;
}): ReactNode {
  const parts = amountParts(value);
  const suffix = unit !== undefined && <span className="muted"> {unit}</span>;
  if (parts === null)
    return (
      <span className="amount">
        {value}
        {suffix}
      </span>
    );
  const { sign, groups, fraction } = parts;
  return (
    <span className="amount">
      <data value={value}>
        {sign}
        {groups.map((group, at) => (
          <span key={at} className={at < groups.length - 1 ? 'amount-group' : undefined}>
            {group}
          </span>
        ))}
        {fraction !== '' && <span className="amount-fraction">{fraction}</span>}
      </data>
      {suffix}
    </span>
  );
}
