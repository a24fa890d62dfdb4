import { Injectable } from '@nestjs/common';
import type { PermittedOrder } from '@sluice/signing';
import { PermitWatch } from '../permits/permit-watch.js';
import { RecordReader } from '../record/record-reader.js';
import { SendGate } from '../worker/send-gate.js';

/** Reasons of this process for not sending. */
@Injectable()
export class SendFaults {
  constructor(
    private readonly gate: SendGate,
    private readonly record: RecordReader,
    private readonly permits: PermitWatch,
  ) {}

  /** Reason for sending nothing at all; null if sending is permitted. */
  ofProcess(): string | null {
    return this.gate.fault() ?? this.record.fault();
  }

  /** Reason of the auditor for not sending this order; null if the order may be sent. */
  ofPermit(order: PermittedOrder): string | null {
    return this.permits.missing(order);
  }
}
