import type { SelfCheckDto } from '@sluice/http-api';
import type { Readiness, ServiceAdmin } from '@sluice/admin-client';
import { monotonicMs } from '@sluice/runtime';
import { tried } from '../calls/admin-faults.js';
import type { CommandContext } from '../language/command.js';
import { examined, finding, type Examined, type Finding } from './findings.js';
import { waitingFor } from './waiting-for-people.js';

/** Self-check of a service, with the time of the query. */
export interface OwnWord extends SelfCheckDto {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

interface ServiceExamined {
  readonly examined: Examined;
  /** Null if the self-check failed. */
  readonly word: OwnWord | null;
}

const WAITING = 'what waits for a person';

/** Examines a service: readiness, self-check findings, and work waiting for a person. */
export async function examineService(
  name: string,
  { run, services }: CommandContext,
): Promise<ServiceExamined> {
  const service = services.service(name);
  const readiness = await tried(run, () => service.readiness());
  if (!readiness.ok) return away(name, readiness.refusal);
  const [self, waiting] = await Promise.all([
    tried(run, () => ownWord(service)),
    tried(run, () => waitingFor(name, services)),
  ]);
  const word = self.ok ? self.value : null;
  const { checked = [], findings = [], unchecked = [], untold = [] } = word ?? {};
  return {
    word,
    examined: examined(name, {
      checked: ['readiness', ...checked, ...(waiting.ok ? [WAITING] : [])],
      findings: [
        ...readinessFindings(readiness.value),
        ...findings,
        ...(waiting.ok ? waiting.value : []),
      ],
      unchecked: [
        ...(self.ok ? [] : [{ what: 'self-check', because: self.refusal }]),
        ...(waiting.ok ? [] : [{ what: WAITING, because: waiting.refusal }]),
        ...unchecked,
      ],
      untold,
    }),
  };
}

async function ownWord(service: ServiceAdmin): Promise<OwnWord> {
  const askedAtMs = monotonicMs();
  const word = await service.selfCheck();
  return { ...word, askedAtMs, answeredAtMs: monotonicMs() };
}

function away(name: string, sentence: string): ServiceExamined {
  const findings = [finding('service-away', sentence)];
  const unchecked = [{ what: 'self-check', because: 'the service cannot be reached' }];
  return { word: null, examined: examined(name, { findings, unchecked }) };
}

/** Reasons for an unready service, as reported by the service. */
function readinessFindings({ ready, faults }: Readiness): readonly Finding[] {
  if (ready) return [];
  const given = faults.length === 0 ? ['it gives no reason'] : faults;
  return given.map((fault) =>
    finding(/dist\/migrate\.js/.test(fault) ? 'database-not-migrated' : 'service-unready', fault),
  );
}
