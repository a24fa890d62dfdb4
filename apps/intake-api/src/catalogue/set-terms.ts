import { Injectable } from '@nestjs/common';
import { ApiError, type AwaitedDto, type Caller, type VersionDto } from '@sluice/http-api';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { CONFIG_CHANNEL, KEPT_MS } from '../instances/look-up-cache.js';
import {
  ACCOUNT_TERMS,
  CURRENCY_TERMS,
  NETWORK_TERMS,
  type NextVersion,
  type TermsSubject,
} from './terms-subject.js';
import { CatalogueStore } from './catalogue-store.js';
import { type RecordedVersion, stateOf } from './terms-versions.js';

/** Lead time of new terms, longer than cached terms live: every instance reads them in time. */
const AHEAD_MS = KEPT_MS + 5_000;

/** Records the next version of terms once two people have said the same. */
@Injectable()
export class SetTerms {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly catalogue: CatalogueStore,
  ) {
    this.register(NETWORK_TERMS);
    this.register(CURRENCY_TERMS);
    this.register(ACCOUNT_TERMS);
  }

  async run<Order extends NextVersion, Version extends RecordedVersion, Content extends object>(
    subject: TermsSubject<Order, Version, Content>,
    given: Order,
    caller: Caller,
  ): Promise<ShownVersion<Content> | AwaitedDto> {
    const order = { ...given, ...nextOf(given) };
    const set = await this.unitOfWork.run(async (tx) => {
      const awaited = await this.record(tx, subject, order, caller);
      return awaited ?? shownNewest(subject, await subject.versions(tx, order), await tx.now());
    });
    this.catalogue.clear();
    return set;
  }

  private async record<
    Order extends NextVersion,
    Version extends RecordedVersion,
    Content extends object,
  >(
    tx: Tx,
    subject: TermsSubject<Order, Version, Content>,
    order: Order,
    caller: Caller,
  ): Promise<AwaitedDto | null> {
    const { action } = subject;
    const target = subject.target(order);
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `${action} ${target}`,
    ]);
    const newest = newestOf(await subject.versions(tx, order));
    if (newest !== null && isRepeat(subject, order, newest)) return null;
    refuseOutdated(order, newest);
    await subject.check(tx, order, newest);
    const effectiveAt = await beginOf(tx, order);
    const demand = { action, target, request: order };
    const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
    if (awaited) return awaited;
    const people = await this.approvals.approve(tx, demand, caller);
    if (newest === null) await subject.begin(tx, order);
    const version = (newest?.version ?? 0) + 1;
    await subject.insert(tx, order, { version, effectiveAt, ...people });
    void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
    return null;
  }

  private register<
    Order extends NextVersion,
    Version extends RecordedVersion,
    Content extends object,
  >(subject: TermsSubject<Order, Version, Content>): void {
    this.approvals.register(subject.action, (_target, request, caller) =>
      this.run(subject, request as Order, caller),
    );
  }
}

function shownNewest<Version extends RecordedVersion, Content extends object>(
  subject: Pick<TermsSubject<NextVersion, Version, Content>, 'contentOf'>,
  versions: readonly Version[],
  now: Date,
): ShownVersion<Content> {
  const newest = newestOf(versions);
  if (newest === null) throw new Error('a version that was recorded is not there');
  return shownVersion(subject.contentOf(newest), newest, stateOf(newest, versions, now));
}

/** Normalizes the request, because two people must send the same content. */
function nextOf({ after_version, effective_at }: NextVersion): NextVersion {
  return {
    after_version: after_version ?? null,
    effective_at: effective_at ? new Date(effective_at).toISOString() : null,
  };
}

function newestOf<Version extends RecordedVersion>(versions: readonly Version[]): Version | null {
  const byNumber = versions.toSorted((one, other) => one.version - other.version);
  return byNumber.at(-1) ?? null;
}

/** The answer to this very order was lost. */
function isRepeat<
  Order extends NextVersion,
  Version extends RecordedVersion,
  Content extends object,
>({ contentOf }: TermsSubject<Order, Version, Content>, order: Order, newest: Version): boolean {
  const { after_version: after, effective_at: from } = order;
  const said = new Map<string, unknown>(Object.entries(order));
  return (
    newest.version === (after ?? 0) + 1 &&
    (from === null || from === newest.effectiveAt?.toISOString()) &&
    Object.entries(contentOf(newest)).every(([field, value]) => said.get(field) === value)
  );
}

function refuseOutdated({ after_version: after }: NextVersion, newest: RecordedVersion | null) {
  if ((newest?.version ?? null) === (after ?? null)) return;
  const now = newest === null ? 'there are none' : `the newest version is ${newest.version}`;
  throw ApiError.conflict(`Nothing was set: these are not the terms that were read: ${now}`);
}

/** Throws if the effective time is too early for all instances to have read the version. */
async function beginOf(tx: Tx, { effective_at: wished }: NextVersion): Promise<Date> {
  const [row] = await tx.query<{ earliest: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + $1 * interval '1 millisecond' AS earliest`,
    [AHEAD_MS],
  );
  if (!row) throw new Error('the database returned no time');
  const { earliest } = row;
  if (!wished) return earliest;
  const effectiveAt = new Date(wished);
  if (effectiveAt < earliest)
    throw ApiError.invalid([
      `effective_at: Input should be at least ${AHEAD_MS / 1000} s ahead: ${earliest.toISOString()} or later`,
    ]);
  return effectiveAt;
}

/** Version as returned by the admin API. */
type ShownVersion<Content extends object> = Content & VersionDto;

function shownVersion<Content extends object>(
  content: Content,
  version: RecordedVersion,
  state: VersionDto['state'],
): ShownVersion<Content> {
  return {
    ...content,
    version: version.version,
    effective_at: version.effectiveAt?.toISOString() ?? null,
    recorded_at: version.recordedAt?.toISOString() ?? null,
    requested_by: version.requestedBy,
    approved_by: version.approvedBy,
    state,
  };
}

export function shownVersions<Version extends RecordedVersion, Content extends object>(
  versions: readonly Version[],
  {
    subject,
    contentOf,
  }: { subject: (one: Version) => string; contentOf: (one: Version) => Content },
  now: Date,
): ShownVersion<Content>[] {
  const bySubject = Map.groupBy(versions, subject);
  return versions.map((one) =>
    shownVersion(contentOf(one), one, stateOf(one, bySubject.get(subject(one)) ?? [], now)),
  );
}
