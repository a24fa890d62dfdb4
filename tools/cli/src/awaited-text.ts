import type { AwaitedDto } from '@sluice/admin-api';
import { cell } from './render/cell.js';

/** Message for the first of two approvers. */
export function awaitedText({ approval_id, expires_at }: AwaitedDto, service: string): string {
  return `noted, and nothing is done yet: it waits for a second person until ${cell(expires_at)}: sluice approve ${cell(approval_id)} --service ${service}`;
}
