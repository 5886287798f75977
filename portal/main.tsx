import { createRoot } from 'react-dom/client';
import { Application } from './application.tsx';
import './style.css';

const root = document.getElementById('root');
if (root) createRoot(root).render(<Application />);
