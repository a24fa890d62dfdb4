import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Panel } from '../components/panel.js';
import { Reading } from '../components/reading.js';

/** Panel with the data of one read. */
export function Section<Data>({
  title,
  what,
  read,
  aside,
  children,
}: {
  readonly title: string;
  /** The data in a sentence, for example `The keys`. */
  readonly what: string;
  readonly read: Pick<UseQueryResult<Data>, 'data' | 'error' | 'dataUpdatedAt'>;
  /** Actions beside the heading. */
  readonly aside?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}): ReactNode {
  return (
    <Panel title={title} aside={aside !== undefined && <span className="actions">{aside}</span>}>
      <Reading query={read} what={what}>
        {children}
      </Reading>
    </Panel>
  );
}
