import {
  isKeyless,
  likenessByFields,
  silenceOf,
  type FormCapabilities,
  type ListedWithdrawal,
  type Resolution,
  type UnknownAttempt,
  type VenueSpan,
} from '@sluice/connector-rules';

/** The clocks of records and answers may differ by this much. */
const MARGIN_MS = 600_000;

interface Looked {
  readonly unclaimed: readonly ListedWithdrawal[];
  readonly covered: VenueSpan | null;
}

/**
 * Resolution of an attempt that another party answered, such as a CDN or gateway, at a venue without
 * a key of ours in its records. The full rule of silence proves absence, but only if no unclaimed
 * record since the attempt may be the payment under any other spelling: then a person decides.
 */
export function afterForeignAnswer(
  form: FormCapabilities,
  attempt: UnknownAttempt & { readonly isForeign: boolean },
  { unclaimed, covered }: Looked,
  resolution: Resolution,
): Resolution {
  if (!attempt.isForeign || !isKeyless(form) || resolution.kind !== 'person_needed')
    return resolution;
  if (unclaimed.some((record) => mayBe(attempt, record))) return resolution;
  return silenceOf(form, attempt, covered) === 'proves_absence' ? { kind: 'absent' } : resolution;
}

/** True unless the record is readably of another amount or currency, or from before the attempt. */
function mayBe(attempt: UnknownAttempt, record: ListedWithdrawal): boolean {
  const isOlder = record.createdAt.getTime() < attempt.firstSentAt.getTime() - MARGIN_MS;
  return (
    !isOlder &&
    likenessByFields(attempt, { ...record, network: null, destination: null }) !== 'different'
  );
}
