import type { SelfCheckDto } from '@sluice/admin-api';
import type { ServiceAdmin } from '@sluice/admin-client';
import { monotonicMs } from '@sluice/clock';
import { tried } from '../admin-faults.js';
import type { CommandContext } from '../command.js';
import { examined, type Examined, type Finding, type Unknown } from './findings.js';
import { readinessFindings } from './readiness.js';
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
  const finding: Finding = {
    code: 'service-away',
    wrong: `${sentence}.`,
    follows: 'Its work is stopped, and its own checks are unknown.',
    remedy: 'Start it, or correct where this command looks for it.',
  };
  const because = 'the service cannot be reached';
  return {
    word: null,
    examined: examined(name, { findings: [finding], unchecked: [{ what: 'self-check', because }] }),
  };
}
