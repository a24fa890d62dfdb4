import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { DraftRecord, ListedWithdrawal, UnreadableRow } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { LRUCache } from 'lru-cache';
import { openCases } from '../cases/open-cases.js';
import { VenueListing } from '../listing/collect-window.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { RecordWatch } from './record-watch.js';

const ROWS_KEPT = 10_000;
const LONGEST_NAME = 200;

interface OwnRow {
  readonly withdrawal_id: string;
  readonly venue_reference: string | null;
  readonly client_reference: string;
}

interface Named {
  readonly row: UnreadableRow;
  readonly record: ListedWithdrawal & { readonly unreadable: string };
}

/**
 * Puts unreadable rows aside, as a case of their order or as an unclaimed record. Orders possibly
 * paid by them are looked up before a send, and no listing with them proves absence.
 */
@Injectable()
export class UnreadableRows {
  /** Rows already stored, by content: pollers list a row many times. */
  private readonly stored = new LRUCache<string, true>({ max: ROWS_KEPT });

  constructor(
    private readonly listing: VenueListing,
    private readonly open: OpenSubmissions,
    private readonly watch: RecordWatch,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {
    listing.onUnreadable((form, rows) => this.keep(form, rows));
  }

  async keep(form: string, rows: readonly UnreadableRow[]): Promise<void> {
    const at = this.listing.clock.latest();
    if (at === null) return; // the rows are listed again
    const named = rows
      .map((row) => ({ row, record: recordOf(form, row, at) }))
      .filter(({ record }) => !this.stored.has(contentOf(record)));
    if (named.length === 0) return;
    await this.confirm(form, named);
    await this.watch.examine(named.map(({ record }) => record));
    await this.openOwn(named);
    for (const { record } of named) this.stored.set(contentOf(record), true);
  }

  /**
   * Judges rows with only the time unreadable, by reference. A failure or difference changes
   * nothing.
   */
  private async confirm(form: string, named: readonly Named[]): Promise<void> {
    const timeless = named.filter(
      ({ row }) => row.draft !== null && row.draft.venueReference !== '',
    );
    const judged = await this.open.judgeRecords(
      form,
      timeless.map(({ record }) => record),
    );
    await this.open.apply(
      judged.filter(({ verdict: { kind } }) => kind !== 'failed' && kind !== 'disputed'),
    );
  }

  private async openOwn(named: readonly Named[]): Promise<void> {
    const opened = await this.unitOfWork.run(async (tx) => {
      const records = named.map(({ record }) => record);
      const rows = await tx.query<OwnRow>(OWN, [
        records.map(({ venueReference }) => venueReference),
        records.flatMap(({ clientReference }) => clientReference ?? []),
      ]);
      const cases = records.flatMap((record) =>
        rows
          .filter(
            (own) =>
              own.venue_reference === record.venueReference ||
              own.client_reference === record.clientReference,
          )
          .map((own) => ({
            withdrawalId: own.withdrawal_id,
            kind: 'unreadable_record',
            text: `a row of the venue's record of this order cannot be read: ${record.venueReference}, ${record.unreadable}`,
          })),
      );
      return openCases(tx, cases);
    });
    for (const one of opened)
      this.logger.error({ ...one }, 'a case was opened: an operator must check it');
  }
}

const OWN = `
  SELECT withdrawal_id, venue_reference, client_reference FROM submission WHERE venue_reference = ANY ($1)
  UNION
  SELECT withdrawal_id, venue_reference, client_reference FROM submission WHERE client_reference = ANY ($2)`;

/** The row as a record with a time that excludes no order: the venue's present. */
function recordOf(form: string, row: UnreadableRow, at: Date): Named['record'] {
  const draft = row.draft ?? emptyDraft(form);
  const unreadable = `${row.field}: ${row.value}`;
  const venueReference = draft.venueReference || nameOf(draft, unreadable);
  return { ...draft, venueReference, createdAt: draft.createdAt ?? at, unreadable };
}

/** Names a row without id by the fields that do not change with the status. */
function nameOf(draft: DraftRecord, unreadable: string): string {
  const { form, clientReference, createdAt, gross, destination } = draft;
  const parts = [form, clientReference, createdAt?.toISOString(), gross, destination, unreadable];
  return `no id: ${parts.map((part) => part?.toString() ?? '-').join(' ')}`.slice(0, LONGEST_NAME);
}

function emptyDraft(form: string): DraftRecord {
  return {
    form,
    venueReference: '',
    clientReference: null,
    currency: '?',
    network: null,
    destination: null,
    gross: null,
    net: null,
    venueFee: null,
    createdAt: null,
    txHash: null,
    status: { kind: 'pending' },
    venueStatus: '',
  };
}

function contentOf({
  venueReference,
  form,
  unreadable,
  venueStatus,
  txHash,
}: Named['record']): string {
  return JSON.stringify([form, venueReference, unreadable, venueStatus, txHash]);
}
