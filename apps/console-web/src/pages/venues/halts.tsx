import { useQueries, useQuery } from '@tanstack/react-query';
import { HALT } from '@sluice/admin-client/calls';
import type { HaltDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { halting } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { Missing } from '../../components/missing.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, Words } from '../../reading/values.js';
import { inForce, type HaltOf } from './halts-of.js';

const FACTS: readonly TableColumn<HaltOf>[] = [
  column('Scope', ({ scope, target }) => (
    <>
      {scope} <Words text={target} />
    </>
  )),
  column('Reason', ({ reason, details }) => (
    <>
      {reason}
      <br />
      <Words text={details} />
    </>
  )),
  column('Subject', ({ subject }) => <Words text={subject} />),
  column('Opened', ({ opened_at: at, opened_by: by }) => (
    <>
      <Instant at={at} />
      <br />
      <Words text={by} />
    </>
  )),
];

const NUMBER = column<HaltOf>('Halt', ({ id }) => id, 'head');

const OPEN: readonly TableColumn<HaltOf>[] = [
  NUMBER,
  column('Service', ({ service }) => service),
  ...FACTS,
  column('Action', ({ service, ...halt }) => <LiftHalt service={service} halt={halt} />),
];

const LIFTED: readonly TableColumn<HaltOf>[] = [
  NUMBER,
  ...FACTS,
  column('Lifted', ({ lifted_at: at, lifted_by: first, lift_approved_by: second }) => (
    <>
      <Instant at={at} />
      <br />
      <Words text={first} />, <Words text={second} />
    </>
  )),
  column('Evidence', ({ lift_evidence: evidence }) => <Words text={evidence} />),
];

/** Halts in force of several services. A service without an answer is named. */
export function OpenHalts({ services }: { readonly services: readonly string[] }): ReactNode {
  const reads = useQueries({ queries: services.map((name) => readOf(halting(name).halts())) });
  const open = services.flatMap((service, at) => inForce(service, reads[at]?.data ?? []));
  const isWhole = reads.every(({ data }) => data !== undefined);
  return (
    <Panel title="Halts in force">
      {services.map((service, at) => {
        const error = reads[at]?.error ?? null;
        return (
          error !== null && <Missing key={service} what={`Halts of ${service}`} error={error} />
        );
      })}
      {(open.length > 0 || isWhole) && (
        <DataTable
          label="Halts in force"
          columns={OPEN}
          rows={open}
          keyOf={({ service, id }) => `${service} ${id}`}
          empty="Nothing is halted."
        />
      )}
    </Panel>
  );
}

/** Halts of one service, lifted ones included. */
export function HaltsOf({ service }: { readonly service: string }): ReactNode {
  const halts = useQuery(readOf(halting(service).halts()));
  return (
    <Section
      title="Halts"
      what="The halts"
      read={halts}
      aside={
        <ActionButton service={service} call={HALT.openHalt} label="Open a halt" tone="danger" />
      }
    >
      {(rows) => {
        const lifted = rows.filter(({ lifted_at: at }) => at !== null);
        return (
          <>
            <DataTable
              label="Halts in force"
              columns={OPEN.filter(({ name }) => name !== 'Service')}
              rows={inForce(service, rows)}
              keyOf={({ id }) => id}
              empty="Nothing is halted here."
            />
            {lifted.length > 0 && (
              <details>
                <summary>{lifted.length} lifted halts</summary>
                <DataTable
                  label="Lifted halts"
                  columns={LIFTED}
                  rows={lifted.map((halt) => ({ ...halt, service }))}
                  keyOf={({ id }) => id}
                  empty=""
                />
              </details>
            )}
          </>
        );
      }}
    </Section>
  );
}

function LiftHalt({
  service,
  halt: { id, details },
}: {
  readonly service: string;
  readonly halt: HaltDto;
}): ReactNode {
  return (
    <ActionButton
      service={service}
      call={HALT.liftHalt}
      path={{ id }}
      label="Lift"
      title={`Lift halt ${id} of ${service}`}
    >
      <p>
        The halt is about: <Words text={details} />
      </p>
      <p className="muted">
        Two people lift a halt, with the same evidence. Another halt of the same scope stays.
      </p>
    </ActionButton>
  );
}
