import { lazy, Suspense, useEffect, useRef, type ReactNode } from 'react';
import { takeFocus } from '../components/take-focus.js';
import { useOpenAction } from './open-action.js';

const ActionDialog = lazy(async () => ({
  default: (await import('./action-dialog.js')).ActionDialog,
}));

/** Place of the open dialog, beside the page. */
export function ActionHost(): ReactNode {
  const open = useOpenAction();
  useFocusAfterDialog(open !== null);
  if (open === null) return null;
  return (
    <Suspense fallback={null}>
      <ActionDialog key={open.opening} action={open.action} />
    </Suspense>
  );
}

/**
 * The dialog returns the focus to its opener. A page without the opener, because the action has ended
 * its subject, gets the focus at its heading.
 */
function useFocusAfterDialog(isOpen: boolean): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    if (wasOpen.current && !isOpen)
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) takeFocus(document.querySelector('h1'));
      });
    wasOpen.current = isOpen;
  }, [isOpen]);
}
