import type { ReactNode } from 'react';
import { stateName, toneOf } from '../format/states.js';

export function StateBadge({ state }: { readonly state: string }): ReactNode {
  return <span className={`badge badge-${toneOf(state)}`}>{stateName(state)}</span>;
}
