import type { SelfCheck } from './self-checks.js';
import type { Permits } from '../permits/permits.js';

/** Self-check of a service that sends or signs payments: advisory permits stop no payment. */
export function permitsCheck({ areRequired }: Pick<Permits, 'areRequired'>): SelfCheck {
  return {
    name: 'permits of the auditor',
    look: () => Promise.resolve(areRequired ? {} : { findings: [ADVISORY] }),
  };
}

const ADVISORY = {
  code: 'permits-advisory',
  wrong: 'AUDITOR_PERMITS is advisory: this service pays without a permit of the auditor.',
  follows:
    'After a theft that only the auditor sees, payments continue until a person halts them: up to the ceiling of each asset per hour and day.',
  remedy:
    'Set AUDITOR_PUBLIC_KEYS to the public keys of the auditor, and AUDITOR_PERMITS to required.',
};
