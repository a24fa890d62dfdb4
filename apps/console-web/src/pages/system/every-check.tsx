import { useQuery } from '@tanstack/react-query';
import type { SelfCheckDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { everyOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { EveryCell, type EveryRead } from '../../reading/every-cell.js';
import { Badge, Words } from '../../reading/values.js';
import { CHECK_EVERY_MS } from './self-check.js';

const MOST_SHOWN = 2;

/** Self-checks of all services. They ask databases, venues and chains, so they are read rarely. */
export function useEveryCheck(): EveryRead<SelfCheckDto> {
  return useQuery({
    ...everyOf(anyService('console').selfCheck()),
    refetchInterval: CHECK_EVERY_MS,
    staleTime: CHECK_EVERY_MS,
  });
}

/** Number of faults that a service finds in its environment, with the first faults. */
export function CheckCell({
  read,
  service,
}: {
  readonly read: EveryRead<SelfCheckDto>;
  readonly service: string;
}): ReactNode {
  return (
    <EveryCell read={read} service={service}>
      {({ findings, unchecked }) => (
        <>
          {findings.length === 0 ? (
            <Badge tone="good">no fault</Badge>
          ) : (
            <Badge tone="bad">
              {findings.length === 1 ? '1 fault' : `${findings.length} faults`}
            </Badge>
          )}{' '}
          {unchecked.length > 0 && <Badge tone="wait">{unchecked.length} not checked</Badge>}
          {findings.slice(0, MOST_SHOWN).map(({ code, wrong }) => (
            <p key={`${code} ${wrong}`} className="small">
              <Words text={wrong} />
            </p>
          ))}
        </>
      )}
    </EveryCell>
  );
}
