import '@/ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startTexts } from '@/lib/i18n';
import { installTrustedTypes } from '@/lib/trusted';
import { App, firstPlace } from './App';
import { keepBuild } from './build';

installTrustedTypes();
keepBuild();
const root = document.getElementById('root');
if (root) {
  // Until there is something to draw, what index.html holds stands for it.
  Promise.all([startTexts(), firstPlace()]).then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  );
}
