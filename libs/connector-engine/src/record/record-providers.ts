import { HaltWidth } from '../breaks/halt-width.js';
import { RecordLookups, RecordSearch } from '../listing/record-search.js';
import { VenueListing } from '../listing/collect-window.js';
import { RecordJudge } from '../status/judgement.js';
import { MissingPayments, ReadRecords } from './read-records.js';
import { RecordWatch } from './record-watch.js';
import { UnclaimedReport } from './unclaimed-report.js';
import { UnreadableRows } from './unreadable-rows.js';

export const RECORD_PROVIDERS = [
  VenueListing,
  RecordSearch,
  RecordLookups,
  ReadRecords,
  RecordJudge,
  HaltWidth,
  RecordWatch,
  UnreadableRows,
  MissingPayments,
  UnclaimedReport,
] as const;
