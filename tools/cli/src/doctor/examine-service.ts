import type { SelfCheckDto } from '@sluice/http-api';
import type { Readiness, ServiceAdmin } from '@sluice/admin-client';
import { monotonicMs } from '@sluice/runtime';
import { tried } from '../calls/admin-faults.js';
import type { CommandContext } from '../language/command.js';
import { examined, finding, type Examined, type Finding, type Unknown } from './findings.js';
import { waitingFor } from './waiting-for-people.js';

/** Self-check of a service, with the time of the query. */
export interface OwnWord extends SelfCheckDto {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

export interface ServiceExamined {
  readonly examined: Examined;
  /** Null if the self-check failed. */
  readonly word: OwnWord | null;
}

/** Examines a service: readiness, self-check findings, and work waiting for a person. */
export async function examineService(
  name: string,
  { run, services }: CommandContext,
): Promise<ServiceExamined> {
  const service = services.service(name);
  const readiness = await tried(run, () => service.readiness());
  if (!readiness.ok) return away(name, readiness.refusal);
  const [word, waiting] = await Promise.all([
    tried(run, () => ownWord(service)),
    tried(run, () => waitingFor(name, services)),
  ]);
  const unchecked: readonly Unknown[] = [
    ...(word.ok ? [] : [{ what: 'self-check', because: word.refusal }]),
    ...(waiting.ok ? [] : [{ what: 'what waits for a person', because: waiting.refusal }]),
  ];
  return {
    word: word.ok ? word.value : null,
    examined: examined(name, {
      checked: [
        'readiness',
        ...(word.ok ? word.value.checked : []),
        ...(waiting.ok ? ['what waits for a person'] : []),
      ],
      findings: [
        ...readinessFindings(readiness.value),
        ...(word.ok ? word.value.findings : []),
        ...(waiting.ok ? waiting.value : []),
      ],
      unchecked: [...unchecked, ...(word.ok ? word.value.unchecked : [])],
      untold: word.ok ? word.value.untold : [],
    }),
  };
}

async function ownWord(service: ServiceAdmin): Promise<OwnWord> {
  const askedAtMs = monotonicMs();
  const word = await service.selfCheck();
  return { ...word, askedAtMs, answeredAtMs: monotonicMs() };
}

function away(name: string, sentence: string): ServiceExamined {
  const because = 'the service cannot be reached';
  return {
    word: null,
    examined: examined(name, {
      findings: [finding('service-away', sentence)],
      unchecked: [{ what: 'self-check', because }],
    }),
  };
}

/** Reasons for an unready service, as reported by the service. */
function readinessFindings({ ready, faults }: Readiness): readonly Finding[] {
  if (ready) return [];
  const given = faults.length === 0 ? ['it gives no reason'] : faults;
  return given.map((fault) =>
    finding(/dist\/migrate\.js/.test(fault) ? 'database-not-migrated' : 'service-unready', fault),
  );
}
