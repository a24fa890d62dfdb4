import { useQuery } from '@tanstack/react-query';
import type { ConsumerDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { everyOf } from '../api/queries.js';
import { anyService } from '../api/services.js';
import { EveryCell, type EveryRead } from './every-cell.js';
import { messagesWaiting } from './messages-waiting.js';
import { Badge, Words } from './values.js';

/** Consumption of all services, by the process of each that answers. */
export function useConsumption() {
  return useQuery(everyOf(anyService('console').consumption()));
}

/** Number of messages that wait for a service, with the faults of its consumer. */
export function WaitingCell({
  read,
  service,
}: {
  readonly read: EveryRead<ConsumerDto>;
  readonly service: string;
}): ReactNode {
  return (
    <EveryCell read={read} service={service}>
      {(consumer) => <Waiting of={consumer} />}
    </EveryCell>
  );
}

function Waiting({ of }: { readonly of: ConsumerDto }): ReactNode {
  const { tone, text } = messagesWaiting(of);
  return (
    <>
      {tone === 'quiet' ? <span className="muted">{text}</span> : <Badge tone={tone}>{text}</Badge>}
      {of.faults.map((fault) => (
        <p key={fault} className="small">
          <Words text={fault} />
        </p>
      ))}
    </>
  );
}
