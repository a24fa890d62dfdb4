import { BITMART_AUDIT_SETTINGS } from '@sluice/connector-bitmart/audit';
import { BYBIT_AUDIT_SETTINGS } from '@sluice/connector-bybit/audit';
import { GATEIO_AUDIT_SETTINGS } from '@sluice/connector-gateio/audit';
import { positive, readConfig, type Environment } from '@sluice/runtime';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type AuditorConfig = ReturnType<typeof auditorConfig>;

/** Throws one ConfigError that names every fault. */
export const auditorConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...GATEIO_AUDIT_SETTINGS,
      ...BYBIT_AUDIT_SETTINGS,
      ...BITMART_AUDIT_SETTINGS,
      /** Time between two readings of a venue's record. */
      readEveryMs: positive('AUDIT_READ_INTERVAL_MS', 20_000),
    },
    SERVICE_RULES,
  );
