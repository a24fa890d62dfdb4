/** What a person may do; a service that calls has none of these, but routes of its own. */
export const ROLES = ['operate', 'approve', 'administer', 'audit'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes an admin call, as its credential proves. */
export interface Caller {
  readonly kind: 'person' | 'service';
  /** Stable and unique per kind: the subject of the token, or the service's name. */
  readonly name: string;
  readonly roles: readonly Role[];
}
