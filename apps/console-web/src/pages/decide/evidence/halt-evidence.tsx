import type { HaltDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../../api/queries.js';
import { halting } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import { WaitingBehind } from './waiting-behind.js';

/** A halt, and the waiting payments behind the halt. */
export function HaltEvidence({
  service,
  id,
  children,
}: {
  readonly service: string;
  readonly id: string;
  /** Actions on the halt. */
  readonly children?: (halt: HaltDto) => ReactNode;
}): ReactNode {
  const query = useQuery(readOf(halting(service).halts()));
  return (
    <Reading query={query} what={`The halts of ${service}`}>
      {(halts) => {
        const halt = halts.find((one) => one.id === id);
        if (halt === undefined) return <Message>{`${service} lists no halt ${id}.`}</Message>;
        return (
          <>
            <Panel title="The halt">
              <HaltFacts halt={halt} />
              {children?.(halt)}
            </Panel>
            {halt.lifted_at === null && <WaitingBehind service={service} halt={halt} />}
          </>
        );
      }}
    </Reading>
  );
}

export function HaltFacts({ halt }: { readonly halt: HaltDto }): ReactNode {
  const { scope, target, reason, subject, details, opened_at: at, opened_by: by } = halt;
  return (
    <Facts
      facts={{
        Scope: target === null ? scope : `${scope} ${target}`,
        Reason: <Foreign text={reason.replaceAll('_', ' ')} />,
        Subject: <Foreign text={subject} />,
        Details: <Foreign text={details} />,
        Opened: <Time at={at} />,
        'Opened by': <Foreign text={by} />,
        Lifted: halt.lifted_at !== null && <Time at={halt.lifted_at} />,
        'Lifted by':
          halt.lifted_by !== null && `${halt.lifted_by} and ${halt.lift_approved_by ?? 'nobody'}`,
        Evidence: halt.lift_evidence !== null && <Foreign text={halt.lift_evidence} />,
      }}
    />
  );
}
