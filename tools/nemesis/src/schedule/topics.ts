import {
  ledgerChainHeads,
  ledgerCommands,
  ledgerEvents,
  topicsConsumedBy,
  withdrawalEvents,
} from '@sluice/messages';
import { NEMESIS_SERVICES } from '../system/names.js';

/** Services that read topics. */
export const READERS = NEMESIS_SERVICES.filter((name) => topicsConsumedBy(name).length > 0);

export const TOPICS: readonly string[] = [...new Set(READERS.flatMap(topicsConsumedBy))].sort();

/** Topics from which the services learn after a restore what their databases have lost. */
const RECOVERED_FROM: ReadonlySet<string> = new Set(
  [ledgerChainHeads, ledgerCommands, ledgerEvents, withdrawalEvents].map(({ name }) => name),
);

export const OTHER_TOPICS = TOPICS.filter((topic) => !RECOVERED_FROM.has(topic));
