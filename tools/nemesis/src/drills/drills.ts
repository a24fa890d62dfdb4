import { brokers } from './brokers.js';
import { disk } from './disk.js';
import type { Drill } from './drill-steps.js';
import { restore } from './restore.js';
import { standby } from './standby.js';

export const DRILL_NAMES = ['restore', 'brokers', 'standby', 'disk'] as const;
type DrillName = (typeof DRILL_NAMES)[number];

export const DRILLS: Readonly<Record<DrillName, Drill>> = { restore, brokers, standby, disk };
