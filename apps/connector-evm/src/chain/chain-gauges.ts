import { Gauge } from 'prom-client';

const believed = new Gauge({
  name: 'sluice_chain_is_believed',
  help: '1 if the last poll of a chain found a trusted node, otherwise 0',
  labelNames: ['network'],
});
const troubles = new Gauge({
  name: 'sluice_chain_troubles',
  help: 'Faults of the nodes of a chain at the last check, by the sentence of the log',
  labelNames: ['network'],
});

/** Gauges of this process only, because another process may reach other nodes. */
export function gaugeLook(network: string, isBelieved: boolean, sentences: number): void {
  believed.set({ network }, isBelieved ? 1 : 0);
  troubles.set({ network }, sentences);
}
