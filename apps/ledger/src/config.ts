import { readConfig, SERVICE_SETTINGS } from '@sluice/service-shell';

export const config = readConfig(process.env, SERVICE_SETTINGS);
