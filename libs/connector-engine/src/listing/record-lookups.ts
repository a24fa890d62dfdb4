import { Injectable } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import type { FormCapabilities, VenueAdapter, WantedRecord } from '@sluice/connector-rules';
import { SubmissionLoops, type WaitingJob } from '../loops/submission-loops.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { RecordSearch, type FoundRecords, type NotSearched } from './record-search.js';

const REST_MS = 200;
/** Pause while no submission waits. */
const IDLE_MS = 1_000;

/** Submissions that wait for a look-up in the venue's records. */
interface WaitingForRecords<W extends WantedRecord> {
  due(form: FormCapabilities): Promise<readonly W[]>;
  postpone(form: FormCapabilities, due: readonly W[], cause: NotSearched): Promise<void>;
  apply(form: FormCapabilities, found: readonly FoundRecords<W>[]): Promise<void>;
}

/** Loops that search the venue's records for waiting submissions. */
@Injectable()
export class RecordLookups {
  constructor(
    @InjectVenueAdapter() private readonly adapter: Pick<VenueAdapter, 'capabilities'>,
    private readonly search: RecordSearch,
    private readonly loops: SubmissionLoops,
  ) {}

  loop<W extends WantedRecord>(
    job: Omit<WaitingJob, 'idleMs'>,
    waiting: WaitingForRecords<W>,
  ): BackgroundLoop {
    return this.loops.whileDue({ ...job, idleMs: IDLE_MS }, async (lease) => {
      let restMs = IDLE_MS;
      for (const form of this.adapter.capabilities.forms) {
        const due = await waiting.due(form);
        if (due.length === 0) continue;
        restMs = REST_MS;
        if (!(await lease.held())) continue;
        const searched = await this.search.find(form, due);
        if (searched.kind === 'unavailable') await waiting.postpone(form, due, searched);
        else await waiting.apply(form, searched.found);
      }
      return restMs;
    });
  }
}
