import { Injectable } from '@nestjs/common';
import { Inbox, inForceSql } from '@sluice/service-shell';
import { FINDING_ENDS, FindingClosings } from '../seals/finding-closings.js';

/** Findings that wait for people. */
@Injectable()
export class AuditorInbox {
  constructor(inbox: Inbox, closings: FindingClosings) {
    inbox.add({
      kind: 'finding',
      roles: ['operate', 'approve'],
      people: 2,
      sql: FINDINGS,
      params: () => [closings.verified],
    });
  }
}

const FINDINGS = `
  SELECT f.id::text, 'Two sources differ (' || replace(f.kind, '_', ' ') || '): ' || f.subject AS title,
         CASE f.scope WHEN 'account' THEN f.target END AS account_id, CASE f.scope WHEN 'venue' THEN f.target END AS venue,
         CASE f.scope WHEN 'asset' THEN f.target END AS asset, f.opened_at AS since
    FROM finding f WHERE ${inForceSql('f', FINDING_ENDS, '$2')} ORDER BY f.id LIMIT $1`;
