import { StoredChanges } from './stored-changes.js';
import { SubmissionLoops } from './submission-loops.js';
import { UnderWay } from './under-way.js';
import { WorkerLeases } from './worker-lease.js';

export const LOOP_PROVIDERS = [WorkerLeases, SubmissionLoops, UnderWay, StoredChanges] as const;
