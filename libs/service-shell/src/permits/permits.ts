import { type Logger, monotonicMs } from '@sluice/runtime';
import { HeldPermit, type PermittedOrder, type ReadClocks } from '@sluice/signing';
import { Counter } from 'prom-client';
import { startAtZero } from '../metrics/start-at-zero.js';
import type { PermitSettings } from './permit-settings.js';

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

  /**
   * Returns the reason why the order must wait; null if the order may be paid now. With advisory
   * permits the order is counted and paid.
   */
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
