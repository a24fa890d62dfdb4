/** Roles of people. A calling service has no roles, but is named by routes. */
export const ROLES = ['operate', 'approve', 'administer', 'audit'] as const;
export type Role = (typeof ROLES)[number];

/** Caller of the admin API, as proven by the credential. */
export interface Caller {
  readonly kind: 'person' | 'service';
  /** Stable and unique per kind: the subject of the token, or the service's name. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Id of the call, as in the audit entries; set by the guard. */
  readonly callId?: string;
}
