import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchInput } from './api/recent-input.js';
import { queryClient } from './app/query-client.js';
import { router } from './app/routes.js';
import { applyTheme, chosenTheme } from './app/theme.js';
import { SessionProvider } from './session/session-provider.js';
import './styles/main.css';

applyTheme(chosenTheme());
watchInput();

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no place for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionProvider>
        <RouterProvider router={router} />
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
