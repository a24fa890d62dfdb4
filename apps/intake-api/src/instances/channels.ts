/** PostgreSQL notification channels between the instances of this service. */

/** Notifies about changed withdrawals; the payload is the id of the committing instance. */
export const CHANGED_CHANNEL = 'withdrawal_changed';
/** Keys, terms or routes have changed: cached look-ups are void. */
export const CONFIG_CHANNEL = 'intake_config';
