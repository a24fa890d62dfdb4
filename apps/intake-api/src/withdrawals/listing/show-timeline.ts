import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { ok, type Result } from '@sluice/kernel';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import { ShowWithdrawal } from './show-withdrawal.js';
import type { WithdrawalRefusal } from '../answers/withdrawal-refusal.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { timelineOf, type RecordedStep } from './timeline.js';
import type { TimelineStepDto } from './timeline.dto.js';

interface Timeline {
  readonly stored: StoredWithdrawal;
  readonly steps: readonly TimelineStepDto[];
}

/** `GET /v1/withdrawals/{id}/timeline`: returns the steps of a withdrawal. */
@Injectable()
export class ShowTimeline {
  constructor(
    private readonly database: Database,
    private readonly showWithdrawal: ShowWithdrawal,
  ) {}

  /** Throws DeadlineError if the database is slow. */
  async run(number: string, accountId: string): Promise<Result<Timeline, WithdrawalRefusal>> {
    const shown = await this.showWithdrawal.run(number, accountId);
    if (!shown.ok) return shown;
    const { withdrawal } = shown.value;
    const looking = this.database.query<RecordedStep>(
      'SELECT to_state AS "to", trigger, detail, decision, at FROM withdrawal_event WHERE withdrawal_id = $1 ORDER BY sequence',
      [withdrawal.order.id],
    );
    const waiting = this.database.query<{ waits: string | null }>(
      'SELECT waits_for AS waits FROM withdrawal WHERE id = $1',
      [withdrawal.order.id],
    );
    const found = Promise.all([looking, waiting]);
    const [steps, [row]] = await withDeadline(found, LOOK_UP_WITHIN_MS, 'unavailable');
    return ok({ stored: shown.value, steps: timelineOf(withdrawal, steps, row?.waits ?? null) });
  }
}
