/** Style sheets are loaded for their effect; Vite puts them into the page. */
declare module '*.css';
