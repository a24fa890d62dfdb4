import { startService } from '@sluice/service-shell';
import { consoleConfig } from './config.js';
import { consoleService } from './console.service.js';

await startService(() => consoleService(consoleConfig()));
