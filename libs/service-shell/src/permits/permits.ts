import { Counter } from 'prom-client';
import {
  choice,
  type ConfigOf,
  type Logger,
  monotonicMs,
  type RuleInput,
  textOrFile,
} from '@sluice/runtime';
import { HeldPermit, PermitKeys, type PermittedOrder, type ReadClocks } from '@sluice/signing';
import { startAtZero } from '../metrics/start-at-zero.js';

const withoutPermit = new Counter({
  name: 'sluice_payments_without_permit_total',
  help: 'Payments sent or signed although the auditor had not permitted them, because AUDITOR_PERMITS=advisory',
  labelNames: ['venue'],
});
const refusedPermits = new Counter({
  name: 'sluice_permits_refused_total',
  help: 'Permits with a wrong signature, of another venue, or from the future: another party than the auditor sent them, or a key is missing',
  labelNames: ['venue'],
});

const LOG_EVERY_MS = 60_000;

interface PermitsOptions {
  readonly venue: string;
  readonly settings: PermitSettings;
  readonly clocks: ReadClocks;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** The auditor's permits of a venue, as known by this process. */
export class Permits {
  readonly held: HeldPermit;
  private readonly loggedAtMs = new Map<string, number>();

  constructor(private readonly options: PermitsOptions) {
    const { venue, settings, clocks } = options;
    startAtZero(withoutPermit, { venue: [venue] });
    startAtZero(refusedPermits, { venue: [venue] });
    this.held = new HeldPermit(venue, settings.auditorPublicKeys, clocks);
  }

  get areRequired(): boolean {
    return this.options.settings.auditorPermits === 'required';
  }

  /** Takes a permit. Returns whether it counts. A permit that the auditor did not issue is counted. */
  take(permit: string): boolean {
    const { venue, settings } = this.options;
    if (settings.auditorPublicKeys.isEmpty) return false;
    const taken = this.held.take(permit);
    if (taken.kind === 'refused') {
      refusedPermits.inc({ venue });
      this.log('error', taken.cause, 'a permit of the auditor is refused');
    }
    return taken.kind === 'newest';
  }

  /** Why the order must wait; null if it may be paid. Advisory permits only count. */
  fault(order: PermittedOrder): string | null {
    const fault = this.held.fault(order);
    if (fault === null || this.areRequired) return fault;
    const { venue, settings } = this.options;
    if (settings.auditorPublicKeys.isEmpty) return null;
    withoutPermit.inc({ venue });
    this.log('warn', fault, 'a payment leaves without a permit: AUDITOR_PERMITS is advisory');
    return null;
  }

  private log(level: 'warn' | 'error', cause: string, message: string): void {
    const now = monotonicMs();
    if (now - (this.loggedAtMs.get(message) ?? -LOG_EVERY_MS) < LOG_EVERY_MS) return;
    this.loggedAtMs.set(message, now);
    this.options.logger[level]({ cause, venue: this.options.venue }, message);
  }
}

const MODES = ['required', 'advisory'] as const;

/** Settings of every process that sends or signs payments. */
export const PERMIT_SETTINGS = {
  /**
   * `required`: payments need a current permit. `advisory`: missing permits and objections are
   * counted and logged, and payments sent.
   */
  auditorPermits: choice<(typeof MODES)[number]>('AUDITOR_PERMITS', MODES, 'required'),
  /** Public keys of the auditor, 32 bytes in base64 each, with spaces or line ends between. */
  auditorPublicKeys: textOrFile('AUDITOR_PUBLIC_KEYS', readKeys, new PermitKeys([])),
} as const;

export type PermitSettings = ConfigOf<typeof PERMIT_SETTINGS>;

export function permitKeysMissing({
  config: { auditorPermits, auditorPublicKeys },
}: RuleInput<PermitSettings>): readonly string[] {
  return auditorPermits === 'required' && auditorPublicKeys?.isEmpty === true
    ? [
        'AUDITOR_PUBLIC_KEYS is missing: with AUDITOR_PERMITS=required nothing is sent without a permit that one of these keys verifies',
      ]
    : [];
}

function readKeys(text: string): PermitKeys {
  try {
    return PermitKeys.parse(text);
  } catch (error) {
    throw new Error(`a public key of the auditor ${(error as Error).message}`, { cause: error });
  }
}
