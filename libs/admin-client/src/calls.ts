// Routes of the services without code of Node: the entry of the console's page.
export {
  AUDITOR,
  CONNECTOR,
  HALT,
  INTAKE,
  LEDGER,
  SERVICE,
  SIGNER,
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
} from './admin-calls.js';
export { isAwaited, parseAnswer, queryText, requestOf, type Routes } from './requests.js';
