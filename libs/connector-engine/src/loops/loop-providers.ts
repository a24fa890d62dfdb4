import { StoredChanges } from './stored-changes.js';
import { SubmissionLoops } from './submission-loops.js';
import { UnderWay } from './under-way.js';
import { WorkerLeases } from './worker-lease.js';

/** Providers of the loops: leases, due work, and notifications of changes. */
export const LOOP_PROVIDERS = [WorkerLeases, SubmissionLoops, UnderWay, StoredChanges] as const;
