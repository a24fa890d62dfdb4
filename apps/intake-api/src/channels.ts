/** PostgreSQL notification channels between the instances of this service. */

/** Withdrawals have changed; the payload is the instance that committed them. */
export const CHANGED_CHANNEL = 'withdrawal_changed';
/** Keys, terms or routes have changed: cached look-ups are void. */
export const CONFIG_CHANNEL = 'intake_config';
