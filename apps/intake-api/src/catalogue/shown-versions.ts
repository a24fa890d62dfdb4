import type { VersionState } from '@sluice/http-api';
import { stateOf } from './terms-in-force.js';
import type { RecordedVersion } from './terms-versions.js';

interface VersionFields {
  readonly version: number;
  readonly effective_at: string | null;
  readonly recorded_at: string | null;
  readonly requested_by: string | null;
  readonly approved_by: string | null;
  readonly state: VersionState;
}

/** Version as returned by the admin API. */
export type ShownVersion<Content extends object> = Content & VersionFields;

export function shownVersion<Content extends object>(
  content: Content,
  version: RecordedVersion,
  state: VersionState,
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

/** Returns the versions of several subjects in the given order, each with the state at `now`. */
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
