import { type MouseEvent, type ReactNode, useSyncExternalStore } from 'react';

/** Where the reader is. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The current address, kept in step with the browser's. */
export function usePlace(): Place {
  const href = useSyncExternalStore(listen, () => window.location.href);
  const { pathname, searchParams } = new URL(href);
  return { path: pathname, query: searchParams };
}

/** Goes to an address of the portal. */
export function goTo(href: string): void {
  window.history.pushState(null, '', href);
  window.dispatchEvent(new PopStateEvent('popstate'));
  window.scrollTo(0, 0);
}

/** A link inside the portal; new tabs and modified clicks stay the browser's. */
export function Link(props: {
  readonly href: string;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}): ReactNode {
  const { href, children, ...rest } = props;
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    goTo(href);
  };
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  );
}

function listen(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  return () => window.removeEventListener('popstate', changed);
}
