import { SendFaults } from './send-faults.js';
import { WaitReports } from './wait-reports.js';
import { WaitingCauses } from './waiting-causes.js';

/** Providers of the causes of waiting. */
export const WAITING_PROVIDERS = [SendFaults, WaitReports, WaitingCauses] as const;
