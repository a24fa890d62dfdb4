import { useSyncExternalStore, type ReactNode } from 'react';
import { onForgotten } from '../session/session.js';
import type { Action } from './action-call.js';

/** Action with everything that its dialog shows. */
export interface DialogAction extends Action {
  readonly label: string;
  readonly title: string;
  readonly tone: 'plain' | 'main' | 'danger';
  /** Evidence, as the person saw it when the dialog opened. */
  readonly children?: ReactNode;
  /** Where the person sees the effect if the answer is lost. */
  readonly whereToLook?: ReactNode;
  readonly onDone?: ((answer: object) => void) | undefined;
}

/**
 * The open dialog belongs to the console, not to the page: a page that is read again after the action
 * cannot take away the answer.
 */
let open: { readonly action: DialogAction; readonly opening: number } | null = null;
let openings = 0;
const listeners = new Set<() => void>();

export function openAction(action: DialogAction): void {
  openings += 1;
  open = { action, opening: openings };
  for (const listener of listeners) listener();
}

export function closeAction(): void {
  open = null;
  for (const listener of listeners) listener();
}

onForgotten(closeAction);

export function useOpenAction(): typeof open {
  return useSyncExternalStore(subscribe, () => open);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
