import type { ReactNode } from 'react';
import { Foreign } from '../../components/foreign.js';
import { StateBadge } from '../../components/state-badge.js';
import { Time } from '../../components/time.js';
import type { TimelineItem } from './timeline.js';

export function Timeline({ items }: { readonly items: readonly TimelineItem[] }): ReactNode {
  return (
    <ol className="timeline">
      {items.map(({ at, source, title, detail, state }, index) => (
        <li key={index}>
          <div>
            {title} {state !== null && <StateBadge state={state} />}
          </div>
          {detail !== null && (
            <div className="small">
              <Foreign text={detail} />
            </div>
          )}
          <div className="small muted">
            {source} · <Time at={at} isExact />
          </div>
        </li>
      ))}
    </ol>
  );
}
