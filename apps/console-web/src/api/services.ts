import {
  AUDITOR,
  CONNECTOR,
  HALT,
  INTAKE,
  LEDGER,
  SERVICE,
  WALLET,
  WEBHOOKS,
  type AuditorCalls,
  type ConnectorCalls,
  type HaltCalls,
  type IntakeCalls,
  type LedgerCalls,
  type ServiceCalls,
  type WalletCalls,
  type WebhooksCalls,
} from '@sluice/admin-client/calls';
import { prepare, type Prepared } from './prepared-call.js';

export const intake = prepare<ServiceCalls & HaltCalls & IntakeCalls>(
  'intake-api',
  SERVICE,
  HALT,
  INTAKE,
);
export const ledger = prepare<ServiceCalls & LedgerCalls>('ledger', SERVICE, LEDGER);
export const auditor = prepare<ServiceCalls & AuditorCalls>('auditor', SERVICE, AUDITOR);
export const webhooks = prepare<ServiceCalls & WebhooksCalls>('webhooks', SERVICE, WEBHOOKS);
/** Name of our own wallet among the venues, and the service of its connector. */
const WALLET_VENUE = 'wallet';
const WALLET_SERVICE = 'connector-evm';
export const wallet = prepare<ServiceCalls & HaltCalls & ConnectorCalls & WalletCalls>(
  WALLET_SERVICE,
  SERVICE,
  HALT,
  CONNECTOR,
  WALLET,
);

const CONNECTOR_PREFIX = 'connector-';

/** Calls of a connector, by the name of its service. */
export function connector(service: string): Prepared<ServiceCalls & HaltCalls & ConnectorCalls> {
  return prepare<ServiceCalls & HaltCalls & ConnectorCalls>(service, SERVICE, HALT, CONNECTOR);
}

/** Calls of the routes that every service has. */
export function anyService(service: string): Prepared<ServiceCalls> {
  return prepare<ServiceCalls>(service, SERVICE);
}

/** Calls about halts, of intake-api or a connector. */
export function halting(service: string): Prepared<ServiceCalls & HaltCalls> {
  return prepare<ServiceCalls & HaltCalls>(service, SERVICE, HALT);
}

export function isConnector(service: string): boolean {
  return service.startsWith(CONNECTOR_PREFIX);
}

/** Service of a venue's connector. */
export function connectorOf(venue: string): string {
  return venue === WALLET_VENUE ? WALLET_SERVICE : `${CONNECTOR_PREFIX}${venue}`;
}

/** Venue of a connector. */
export function venueOf(service: string): string {
  return service === WALLET_SERVICE ? WALLET_VENUE : service.slice(CONNECTOR_PREFIX.length);
}
